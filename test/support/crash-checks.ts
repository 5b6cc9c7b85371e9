import { expect } from 'vitest';
import { replay } from '../../src/domain/run.ts';
import type { Crashed } from './crashes.ts';

/** What holds however often and whenever a farm was killed: nothing lost, nothing judged twice, nothing left. */
export function expectWhole({ entries, orphans }: Crashed): void {
  const run = replay(entries);
  const planned = run.plan.batches.flatMap(({ cells }) => cells.map(({ id }) => id)).toSorted();
  const verdicts = entries.flatMap((entry) =>
    entry.type === 'cell-ended' && entry.outcome.status !== 'errored' && entry.outcome.status !== 'blocked'
      ? [entry.cell]
      : [],
  );
  const settledAt = new Map(
    entries.flatMap((entry, index) =>
      entry.type === 'cell-ended' && verdicts.includes(entry.cell) ? [[entry.cell, index] as const] : [],
    ),
  );
  const afterwards = entries.filter(
    (entry, index) =>
      entry.type === 'cell-started' && index > (settledAt.get(entry.cell) ?? Number.POSITIVE_INFINITY),
  );

  expect(orphans).toEqual([]);
  expect(verdicts.toSorted()).toEqual(planned);
  expect(afterwards).toEqual([]);
  expect(run.endedAt).toBeDefined();
}
