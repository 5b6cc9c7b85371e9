import type { CellId } from '../../domain/cell.ts';
import type { Outcome } from '../../domain/outcome.ts';

/**
 * Whether an outcome of this release was told already, word by word: where a machine can't be had, all its cells fall
 * for one reason.
 */
export function tellsOnce(): (cell: CellId, outcome: Outcome) => boolean {
  const told = new Set<string>();
  return (cell, outcome) => {
    const key = JSON.stringify([cell.split('/')[0], outcome]);
    const isNew = !told.has(key);
    told.add(key);
    return isNew;
  };
}
