import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { unmet } from '../domain/cell-count.ts';
import { outcomeOf, type Run, replay } from '../domain/run.ts';
import { mergeJournals } from '../journal/merge.ts';
import { makeFolder, writeArtifacts } from '../publish/write-artifacts.ts';
import { consoleSummary } from '../report/console.ts';
import { formats, render } from '../report/reports.ts';
import { addExpect, type ExpectOptions } from './add-expect.ts';
import type { Context, Verb } from './context.ts';
import { runsFolder } from './find-run.ts';
import { copyCells, type FoundJournal, journalsIn } from './shard-files.ts';
import { shownIn, summarizeStep } from './view/shown.ts';

const examples = `
Examples:
  katafarm merge RUN RUN RUN                     shards of one plan, by their ids below reports/runs or by paths
  katafarm merge journals                        every run in a folder, as CI brings them back
  katafarm merge journals --out reports/runs     into this folder; the result is a run like any other
  katafarm merge journals --expect 'kata.uname>=1 per distro'

In any order, however often, in any number of steps: the same run. A cell that no shard ran is missing in it.
Of a shard that was run twice, the more complete run counts, else the newer.

Exit status: 0 all shards came back whole, 2 they do not belong together, 3 one is missing or was cut short (what there
is was merged), none came back, or an --expect is not met. Cells that failed change nothing: publish, diff and triage tell.
`;

interface Options extends ExpectOptions {
  readonly out?: string;
  readonly json?: true;
}

/** The journals of shards → one run, which every other verb takes as any. */
export const merge: Verb = (context) =>
  addExpect(new Command('merge'))
    .description('put the shards of a run together: one run, with what none of them ran as missing')
    .argument('<run...>', 'shards: ids below reports/runs, paths, or folders that hold some')
    .option('--out <dir>', 'where the run is put ($KATAFARM_OUT)')
    .option('--json', 'print one JSON value instead of the summary')
    .addHelpText('after', examples)
    .action(async (refs: readonly string[], options: Options) => {
      const { journals, left } = await journalsIn(context, refs, runsFolder(context));
      const merged = mergeJournals(journals);
      const folder = join(options.out ? resolve(context.cwd, options.out) : runsFolder(context), merged.run);
      const speaking = merged.chosen.map(({ name, shard, lines }) => ({
        ...{ shard, lines },
        folder: journals.find((one) => one.name === name)?.folder ?? '',
      }));
      await makeFolder(folder);
      await copyCells(speaking, folder);
      const run = replay(merged.entries);
      const journal = `${merged.entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`;
      const artifacts = render(run, formats);
      await writeArtifacts(folder, [{ path: 'journal.jsonl', text: journal }, ...artifacts]);

      await summarizeStep(context, artifacts, folder);
      const remarks = [...left, ...merged.remarks];
      const missed = unmet(run, options.expect ?? []);
      tell(context, { run, folder, remarks, missed, journals }, options);
      context.exit(run.endedAt === undefined || run.interrupted || left.length + missed.length > 0 ? 3 : 0);
    });

interface Outcome {
  readonly run: Run;
  readonly folder: string;
  readonly remarks: readonly string[];
  readonly missed: readonly string[];
  readonly journals: readonly FoundJournal[];
}

function tell(context: Context, { run, folder, remarks, missed }: Outcome, { json }: Options): void {
  for (const remark of remarks) {
    context.err(`katafarm: ${remark}\n`);
  }
  for (const one of missed) {
    context.err(`katafarm: not as expected: ${one}\n`);
  }
  const below = relative(context.cwd, folder);
  const shown = below.startsWith('..') ? folder : below || '.';
  if (!json) {
    shownIn(context).out(consoleSummary(run, { color: false, columns: 0, folder: shown }));
    return;
  }
  const cells = run.plan.batches.flatMap(({ cells: own }) => own);
  const missing = cells.filter(({ id }) => !outcomeOf(run, id)).map(({ id }) => id);
  const { of = 0, came = [] } = run.shards ?? {};
  const shards = { of, came: came.map(({ index, run: id }) => ({ index, run: id })) };
  context.out(
    `${JSON.stringify({ run: run.id, folder, shards, cells: cells.length, missing, remarks }, undefined, 2)}\n`,
  );
}
