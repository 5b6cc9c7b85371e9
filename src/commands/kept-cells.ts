import type { CellId } from '../domain/cell.ts';
import type { Entry } from '../domain/entry.ts';

/** A machine that a run kept: of which attempt at which cell, and by what its provider knows it. */
export interface KeptCell {
  readonly cell: CellId;
  readonly attempt: number;
  readonly kept: string;
}

/** Every machine that a journal says was kept, in its order: the fact `kept` of a cell belongs to its attempt. */
export function keptCells(entries: readonly Entry[]): readonly KeptCell[] {
  const attempts = new Map<string, number>();
  const cells: KeptCell[] = [];
  for (const entry of entries) {
    if (entry.type === 'cell-started') {
      attempts.set(entry.cell, entry.attempt);
    }
    if (entry.type === 'fact' && entry.key === 'kept') {
      const cell = entry.subject as CellId;
      cells.push({ cell, attempt: attempts.get(cell) ?? 1, kept: String(entry.value) });
    }
  }
  return cells;
}
