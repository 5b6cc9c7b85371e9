import type { CellId } from '../domain/cell.ts';
import type { Errored } from '../domain/outcome.ts';
import type { Batch } from '../domain/plan.ts';
import type { Farm } from './farm.ts';
import type { Outcomes } from './outcomes.ts';

/** Cells that no machine can be had for: what went wrong on the way to one is their outcome. */
export async function giveUp(
  farm: Pick<Farm, 'record' | 'watcher'>,
  batch: Batch,
  outcomes: Outcomes,
  cells: readonly CellId[],
  outcome: Errored,
): Promise<void> {
  farm.watcher.said(`${outcome.phase} went wrong: ${outcome.message}`, batch.id);
  for (const cell of cells) {
    await farm.record({ type: 'cell-ended', cell, outcome, ms: 0 });
    outcomes.begin(cell, Promise.resolve(outcome));
  }
}
