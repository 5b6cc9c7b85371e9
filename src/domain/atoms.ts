import type { CellId } from './cell.ts';
import type { Durations } from './durations.ts';
import type { Batch } from './plan.ts';

/** Cells of one batch that go to one part together. */
export interface Piece {
  /** Which batch of the plan. */
  readonly batch: number;
  readonly cells: readonly CellId[];
  /** Without the preparation of their template. */
  readonly ms: number;
}

/** The least that can go by itself: cells that rest on each other, however far apart. */
export type Atom = Piece;

/** Takes a batch apart; in the order of their first cells. */
export function atomsOf(batch: Batch, index: number, durations: Durations): readonly Atom[] {
  const parents = new Map<CellId, CellId>(batch.cells.map(({ id }) => [id, id]));
  const rootOf = (id: CellId): CellId => {
    let root = id;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) {
      root = next;
    }
    return root;
  };
  for (const cell of batch.cells) {
    for (const control of cell.restsOn.filter((id) => parents.has(id))) {
      parents.set(rootOf(cell.id), rootOf(control));
    }
  }

  return [...Map.groupBy(batch.cells, ({ id }) => rootOf(id)).values()].map((cells) => ({
    batch: index,
    cells: cells.map(({ id }) => id),
    ms: cells.reduce((sum, cell) => sum + durations.cellMs(cell, batch), 0),
  }));
}

/** A batch as one piece. */
export function wholeOf(atoms: readonly Atom[]): Piece {
  return {
    batch: atoms[0]?.batch ?? 0,
    cells: atoms.flatMap(({ cells }) => cells),
    ms: atoms.reduce((sum, { ms }) => sum + ms, 0),
  };
}
