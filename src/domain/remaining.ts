import type { CellId } from './cell.ts';
import type { Batch } from './plan.ts';
import { outcomeOf, type Run } from './run.ts';

/** Settled: a verdict stands that another attempt has no business changing. */
export function isSettled(run: Run, cell: CellId): boolean {
  const status = outcomeOf(run, cell)?.status;
  return status !== undefined && status !== 'errored' && status !== 'blocked';
}

/** What is left to do: the plan less what is settled. Resuming a run is running this. */
export function remaining(run: Run): readonly Batch[] {
  return run.plan.batches
    .map((batch) => ({ ...batch, cells: batch.cells.filter((cell) => !isSettled(run, cell.id)) }))
    .filter((batch) => batch.cells.length > 0);
}
