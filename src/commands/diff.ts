import { relative } from 'node:path';
import { Command } from 'commander';
import { changesOf } from '../domain/changes.ts';
import { comparedIn } from '../domain/compared.ts';
import { type Difference, differencesOf, exitOf } from '../domain/difference.ts';
import type { Run } from '../domain/run.ts';
import { differencesText } from '../report/differences.ts';
import { commandOf } from '../report/words.ts';
import type { Context, Verb } from './context.ts';
import { jsonOf } from './explain.ts';
import { type FoundRun, findRun, runsFolder } from './find-run.ts';
import { installedIn } from './installed.ts';
import { pointersIn } from './pointers.ts';

const examples = `
Examples:
  katafarm diff 20261121-223803-4f1c 20261122-223511-09ab          what the second night shows that the first did not
  katafarm diff reports/runs/20261121-223803-4f1c ./elsewhere/RUN  runs by their folders
  katafarm diff 20261121-223803-4f1c 20261122-223511-09ab --json   the same as one JSON value

Cells belong together by their ids. Cells without a verdict on one side are told, and never count.
Exit status: 0 nothing is newly red, 1 something is, 3 no cell has a verdict in both runs.
`;

/** Two runs: cells that differ, and what else is not the same. No machine, no network. */
export const diff: Verb = (context) =>
  new Command('diff')
    .description('what differs between two runs: cells, and what changed of hosts, machines, packages, Kata')
    .argument('<run>', 'the base: an id below reports/runs, or a path')
    .argument('<run>', 'the run that is compared with it')
    .option('--json', 'one JSON value')
    .addHelpText('after', examples)
    .action(async (base: string, run: string, options: { readonly json?: true }) => {
      const out = runsFolder(context);
      const sides = [await findRun(context, base, out), await findRun(context, run, out)] as const;
      await tell(context, sides, options.json ?? false);
    });

async function tell(
  context: Context,
  [base, run]: readonly [FoundRun, FoundRun],
  json: boolean,
): Promise<void> {
  const differences = differencesOf(comparedIn(base.run), comparedIn(run.run));
  const installed = { base: await installedIn(base), run: await installedIn(run) };
  const changes = changesOf(base.run, run.run, installed);
  context.exit(exitOf(differences));

  if (json) {
    const { all, counts, compared } = differences;
    const cells = all.filter(({ kind }) => kind !== 'same').map(flat);
    const value = { base: base.run.id, run: run.run.id, compared, counts, cells, changes };
    context.out(jsonOf(value));
    return;
  }
  const place = relative(context.cwd, run.folder);
  const sides = {
    title: `${run.run.id} beside ${base.run.id}`,
    base: describe(base.run),
    run: describe(run.run),
    pointersOf: pointersIn(run.run, place.startsWith('..') ? run.folder : place),
  };
  context.out(differencesText(differences, sides, { changes }));
}

const flat = ({ cell, known, ...rest }: Difference) => ({
  cell: cell.id,
  ...rest,
  ...(known && { known: known.map(({ issue, standing }) => ({ issue: issue.id, standing })) }),
});

function describe({ id, startedAt, command }: Run): string {
  return `${id}, begun ${startedAt}, by ${commandOf(command)}`;
}
