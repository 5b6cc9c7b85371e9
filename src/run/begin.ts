import { type Cell, type CellId, cellOf } from '../domain/cell.ts';
import { inOrderOfHarm } from '../domain/harm.ts';
import { canaryOf } from '../domain/order.ts';
import type { Batch, PlannedCell } from '../domain/plan.ts';
import { needsKata } from '../domain/scenario.ts';
import { type CellWork, conclude } from './conclude.ts';
import type { Farm } from './farm.ts';

/** Begins a batch's cells, each on machines that `start` makes. */
export type Begin = (
  cells: readonly PlannedCell[],
  given: Pick<CellWork, 'kind' | 'boots' | 'start'>,
) => void;

interface Beginning extends Pick<CellWork, 'batch' | 'speed' | 'digest' | 'outcomes'> {
  /** Written to: what each cell has its machines by. */
  readonly benches: Map<CellId, CellWork>;
  readonly proof: () => CellWork['proof'];
}

/**
 * A cell that is not the batch's to be run has machines from then on, and nothing else. Where there is one machine for all of
 * a batch's cells, each waits for the one before it.
 */
export function beginIn(farm: Farm, { benches, proof, ...common }: Beginning): Begin {
  const { batch, outcomes } = common;
  const isShared = farm.providers.get(batch.provider)?.sharesMachine ?? false;
  const order = isShared ? inOrderOfHarm(batch.cells) : [];
  const before = new Map(order.map(({ id }, index) => [id, order[index - 1]?.id]));
  return (cells, given) => {
    const canary = given.kind === 'clone' && !isShared ? canaryOf(batch)?.id : undefined;
    for (const cell of cells) {
      const own: CellWork = {
        ...{ ...common, cell, proof: proof(), canary, ...given },
        ...(isShared && { isShared, boots: given.kind === 'cold', after: before.get(cell.id) }),
      };
      benches.set(cell.id, own);
      if (outcomes.of(cell.id)) {
        outcomes.begin(cell.id, conclude(farm, own));
      }
    }
  };
}

/**
 * The cells that a batch has machines for: those to be run, those only to be looked into, and the latter with each other Kata
 * of the run, as that is what is swapped in.
 */
export function wantedOf(
  { diagnostics, katas }: Pick<Farm, 'diagnostics' | 'katas'>,
  { cells, undiagnosed = [] }: Pick<Batch, 'cells' | 'undiagnosed'>,
): readonly PlannedCell[] {
  if (!diagnostics) {
    return cells;
  }
  const labelled = (cell: PlannedCell, label: string): PlannedCell => {
    const { kata: _, ...plain } = cell;
    const own: Cell = cellOf(cell.distro, cell.stack, cell.scenario, label === '' ? undefined : label);
    return { ...plain, ...own };
  };
  const looked = undiagnosed.flatMap((cell) => [
    cell,
    ...(needsKata({ id: cell.scenario }) ? [...katas.keys()].map((label) => labelled(cell, label)) : []),
  ]);
  return [...new Map([...looked, ...cells].map((cell) => [cell.id, cell])).values()];
}
