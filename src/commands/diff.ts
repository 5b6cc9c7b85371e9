import { Command, Option } from 'commander';
import type { Change } from '../domain/changes.ts';
import { type Difference, differencesOf } from '../domain/difference.ts';
import { exitOf, type FailOn, failures } from '../domain/fail-on.ts';
import { suspectsOf } from '../domain/suspects.ts';
import { suspectLines } from '../report/change-words.ts';
import { differencesPage, differencesText } from '../report/differences.ts';
import type { Context, Verb } from './context.ts';
import { type Compare, type FirstNight, sidesOf } from './diff-sides.ts';
import { jsonOf } from './explain.ts';

interface Options {
  readonly failOn: FailOn;
  readonly format: 'text' | 'markdown' | 'json';
  readonly json?: true;
  readonly strict?: true;
  readonly published?: string;
}

const examples = `
Examples:
  katafarm diff 20261121-223803-4f1c 20261122-223511-09ab          what the second run shows that the first did not
  katafarm diff reports/runs/20261121-223803-4f1c ./elsewhere/RUN  runs by their folders
  katafarm diff 2026-11-21 2026-11-22                              two nights of the published history
  katafarm diff previous latest --format markdown                  its last two, as a comment for a pull request

Cells belong together by their ids. Cells without a verdict on one side are told, and never count; nor does a cell that one
side has not at all. What a side was not asked for, as its release was not run that night, is told apart from what is new or
gone. Suspects are what changed of all that a newly red cell rests on: leads, not findings.
Exit status: 0 nothing fails it, or there is nothing before the latest night yet, 1 something does (by --fail-on), 3 no cell
has a verdict on both sides.
`;

/** Two runs or two nights: cells that differ, and what else is not the same. No machine, no network. */
export const diff: Verb = (context) =>
  new Command('diff')
    .description(
      'what differs between two runs or nights: cells, and what changed of hosts, machines, packages, Kata',
    )
    .argument(
      '<base>',
      'a run: an id below reports/runs, or a path; or a night of the published history: a day, latest, previous',
    )
    .argument('<run>', 'the run or night that is compared with it')
    .addOption(new Option('--fail-on <what>', 'what exits 1').choices(failures).default('new-failure'))
    .addOption(
      new Option('--format <format>', 'how it is told').choices(['text', 'markdown', 'json']).default('text'),
    )
    .option('--json', 'the same as --format json: one JSON value')
    .option('--strict', 'exit 3 where not everything could be compared')
    .option('--published <dir>', 'the folder whose history has the nights, instead of reports')
    .addHelpText('after', examples)
    .action(async (base: string, run: string, options: Options) => {
      const found = await sidesOf(context, base, run, options.published);
      if ('first' in found) {
        tellFirst(context, found, options);
      } else {
        tell(context, found, options);
      }
    });

/** Whoever compares night by night begins with one that has none before it. */
function tellFirst(context: Context, { first }: FirstNight, { json, format }: Options): void {
  context.out(
    json || format === 'json'
      ? jsonOf({ base: null, run: first, compared: 0, counts: {}, cells: [], changes: [] })
      : `${first} is the first night that was published: there is nothing to compare it with.\n`,
  );
}

function tell(context: Context, { base, run, sides, changes }: Compare, options: Options): void {
  const differences = differencesOf(base.cells, run.cells, {
    asked: { base: base.asked, run: run.asked },
  });
  context.exit(exitOf(differences, options));
  const suspects = ({ cell, kind }: Difference) =>
    kind === 'new-red' || kind === 'new-known' || kind === 'changed-red' ? suspectsOf(cell, changes) : [];

  if (options.json || options.format === 'json') {
    const { all, counts, compared } = differences;
    const cells = all.filter(({ kind }) => kind !== 'same').map((one) => flat(one, suspects(one)));
    context.out(jsonOf({ base: base.id, run: run.id, compared, counts, cells, changes }));
    return;
  }
  const told = { ...sides, suspectsOf: (one: Difference) => suspectLines(suspects(one)) };
  const text =
    options.format === 'markdown'
      ? differencesPage(differences, told, { changes }).map((page) => page.text)
      : [differencesText(differences, told, { changes }, { color: context.terminal.color, columns: 0 })];
  context.out(text.join(''));
}

const flat = ({ cell, known, ...rest }: Difference, suspects: readonly Change[]) => ({
  cell: cell.id,
  ...rest,
  ...(known && { known: known.map(({ issue, standing }) => ({ issue: issue.id, standing })) }),
  ...(suspects.length > 0 && { suspects }),
});
