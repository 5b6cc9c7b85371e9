import { Command, Option } from 'commander';
import { standingOf } from '../domain/cell-standing.ts';
import { mergeChronicles } from '../domain/chronicle-merge.ts';
import { chronicleOf } from '../domain/chronicle-of.ts';
import { cellsNow, troublesOf } from '../domain/troubles.ts';
import { readChronicle } from '../publish/chronicle-store.ts';
import { type Action, decide } from '../tracker/decide.ts';
import type { Context, Verb } from './context.ts';
import { type FoundRun, findRun, runsFolder } from './find-run.ts';
import { publishedFolder } from './folders.ts';
import { count } from './parsers.ts';
import { addTracker, type TrackerChoice, trackerOf } from './tracker-option.ts';
import { carryOutIn } from './triage-do.ts';
import { actionWords, annotate } from './triage-words.ts';

const examples = `
Examples:
  katafarm triage RUN                                  what would be done; nothing is
  katafarm triage RUN --repo kata-containers/farm      the same, beside the issues that are there
  katafarm triage RUN --write                          opens, updates, closes; $GITHUB_TOKEN, $GITHUB_REPOSITORY
  katafarm triage RUN --tracker gitlab --repo farms/kata/farm --write    the same on GitLab, as $GITLAB_TOKEN

One issue for each cause: cells of a release whose failures are found to be of one component and one class are mended
by one person at once; what is Kata's own, for all releases together. Without a cause, each cell by itself. An issue is
closed when all of its cells are green. What is flaky, a known issue, or came to no verdict opens and closes nothing.
A cell whose scenario is no more keeps its issue, which says so. An issue that somebody closed as not planned stays closed.
Only issues with the label and our mark in them are touched; what people wrote in them stays.
`;

interface Options extends TrackerChoice {
  readonly most: number;
  readonly published?: string;
  readonly json?: true;
}

/** One issue per regression: opened, kept up to date, closed when it is mended. */
export const triage: Verb = (context) =>
  addTracker(new Command('triage'))
    .description('one issue for each new cause of red cells, and those closed that are green again')
    .argument('<run>', 'an id below reports/runs, or a path')
    .addOption(
      new Option('--most <n>', 'new issues in one night; what is more has one together')
        .argParser(count('--most', 0))
        .default(5),
    )
    .option('--published <dir>', 'the folder whose history tells what was green, instead of reports')
    .option('--json', 'one JSON value')
    .addHelpText('after', examples)
    .action(async (ref: string, options: Options) => {
      const found = await findRun(context, ref, runsFolder(context));
      const tracker = trackerOf(context, options);
      const actions = await actionsFor(context, found, (await tracker?.issues()) ?? [], options);
      annotate(context, found.run, actions);

      const told = actions.map((action) => actionWords(action));
      if (options.json) {
        context.out(
          `${JSON.stringify({ run: found.run.id, write: options.write ?? false, actions }, undefined, 2)}\n`,
        );
      } else {
        context.out(told.length > 0 ? `${told.join('\n')}\n` : 'nothing is to be done\n');
      }
      if (options.write && tracker) {
        await carryOutIn(context, found, tracker, actions);
      } else if (!options.json && actions.length > 0) {
        context.out('nothing was done: --write does it\n');
      }
    });

async function actionsFor(
  context: Context,
  { run }: FoundRun,
  issues: Parameters<typeof decide>[1],
  { published, most }: Options,
): Promise<readonly Action[]> {
  const folder = await publishedFolder(context, published);
  const chronicle = mergeChronicles([await readChronicle(folder), chronicleOf([run])]);
  const troubles = troublesOf(run, (cell) => standingOf(chronicle, cell));
  return decide({ troubles, cellNow: cellsNow(run), at: run.startedAt }, issues, most);
}
