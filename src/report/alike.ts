import type { TestedCell } from './tested.ts';
import { reasonOf } from './words.ts';

export type Group = readonly [TestedCell, ...TestedCell[]];

/**
 * Cells that never began, put together where the same trouble kept them from it: an image that can't be built is one
 * trouble, however many cells were to run on it. Any other cell is alone.
 */
export function alike(cells: readonly TestedCell[]): readonly Group[] {
  const groups = Map.groupBy(cells, (tested) => {
    const { cell, outcome, result } = tested;
    const began = (result?.attempts.length ?? 0) > 0;
    const detail = outcome?.status === 'errored' ? outcome.detail : undefined;
    return began || outcome?.status === 'blocked'
      ? cell.id
      : JSON.stringify([tested.shown, reasonOf(tested), detail]);
  });
  return [...groups.values()].flatMap(([first, ...others]) => (first ? [[first, ...others] as const] : []));
}
