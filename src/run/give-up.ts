import type { CellId } from '../domain/cell.ts';
import type { Errored, Failed } from '../domain/outcome.ts';
import type { Batch } from '../domain/plan.ts';
import type { Farm } from './farm.ts';
import type { Outcomes } from './outcomes.ts';
import { uninstallableFinding } from './uninstallable.ts';

/** Cells that no machine can be had for: what went wrong on the way to one is their outcome. */
export async function giveUp(
  farm: Pick<Farm, 'record' | 'watcher' | 'overlay'>,
  batch: Batch,
  outcomes: Outcomes,
  cells: readonly CellId[],
  outcome: Errored | Failed,
): Promise<void> {
  const what = outcome.status === 'errored' ? outcome.phase : outcome.step;
  farm.watcher.said(`${what} went wrong: ${outcome.message}`, batch.id);
  for (const cell of cells) {
    await farm.record({ type: 'cell-ended', cell, outcome, ms: 0 });
    if (outcome.status === 'failed' && farm.overlay) {
      await farm.record({ type: 'finding-made', cell, finding: uninstallableFinding(outcome, farm.overlay) });
    }
    outcomes.begin(cell, Promise.resolve(outcome));
  }
}
