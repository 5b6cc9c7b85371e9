import { outcomeOf, type Run } from './run.ts';

/**
 * 0: nothing failed. 1: a cell failed; this beats everything else. 3: the farm could not do its work (an errored
 * cell, one that was planned and never ran, or, strictly, one that was skipped or blocked).
 */
export function exitCodeOf(run: Run, { strict }: { readonly strict: boolean }): 0 | 1 | 3 {
  const statuses = run.plan.batches
    .flatMap(({ cells }) => cells)
    .map(({ id }) => outcomeOf(run, id)?.status ?? 'missing');

  if (statuses.includes('failed')) {
    return 1;
  }
  if (statuses.includes('errored') || statuses.includes('missing')) {
    return 3;
  }
  const left = statuses.includes('skipped') || statuses.includes('blocked') || run.plan.skipped.length > 0;
  return strict && left ? 3 : 0;
}
