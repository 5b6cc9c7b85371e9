import type { CellId } from './cell.ts';
import type { Errored, Failed, Outcome } from './outcome.ts';
import type { Batch } from './plan.ts';
import { outcomeOf, type Run } from './run.ts';

/** Phases in which the farm's own trouble may be somebody else's after all. */
const worthALook: ReadonlySet<string> = new Set(['image', 'boot', 'prepare', 'execute']);

/** Settled: a verdict stands that another attempt has no business changing. */
export function isSettled(run: Run, cell: CellId): boolean {
  const status = outcomeOf(run, cell)?.status;
  return status !== undefined && status !== 'errored' && status !== 'blocked';
}

/** Whether somebody's fault is to be looked for in it. */
export function isFailure(outcome: Outcome | undefined): outcome is Failed | Errored {
  return outcome?.status === 'failed' || (outcome?.status === 'errored' && worthALook.has(outcome.phase));
}

/**
 * What is left to do: the plan less what is settled, and failures that stand without a finding, to be looked into without
 * being run again. Resuming a run is doing this. However the run ended: a failure may have none because the run was cut
 * short, because no machine could be had, or because the deciding went wrong, and in each case asking once more may tell.
 */
export function remaining(run: Run): readonly Batch[] {
  const isUndiagnosed = (cell: CellId) =>
    isSettled(run, cell) && isFailure(outcomeOf(run, cell)) && !run.results.get(cell)?.finding;
  return run.plan.batches.flatMap((batch) => {
    const cells = batch.cells.filter((cell) => !isSettled(run, cell.id));
    const undiagnosed = batch.cells.filter((cell) => isUndiagnosed(cell.id));
    return cells.length + undiagnosed.length > 0
      ? [{ ...batch, cells, ...(undiagnosed.length > 0 && { undiagnosed }) }]
      : [];
  });
}
