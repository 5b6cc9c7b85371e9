import type { Cell } from './cell.ts';
import { comparedIn } from './compared.ts';
import { type Differences, differencesOf, whicheverKata } from './difference.ts';
import { againstLabel } from './kata.ts';
import type { Run } from './run.ts';
import { needsKata } from './scenario.ts';

/** Whether a run has a Kata as its base, by `--against`. */
export function isAgainst({ command }: Pick<Run, 'command'>): boolean {
  return command.includes('--against');
}

/** What Kata's cells of a run show beside those of its `--against`. */
export function differencesToBase(run: Run): Differences {
  const sideOf = (base: boolean) =>
    comparedIn(run, (cell) => needsKata({ id: cell.scenario }) && isOfBase(cell) === base);
  return differencesOf(sideOf(true), sideOf(false), { keyOf: whicheverKata });
}

/** The same run without the cells of its base. */
export function withoutBase<T extends Pick<Run, 'plan'>>(run: T): T {
  const batches = run.plan.batches.map((batch) => ({
    ...batch,
    cells: batch.cells.filter((cell) => !isOfBase(cell)),
  }));
  const skipped = run.plan.skipped.filter(({ cell }) => !isOfBase(cell));
  return { ...run, plan: { ...run.plan, batches, skipped } };
}

function isOfBase({ kata }: Cell): boolean {
  return kata === againstLabel;
}
