import type { Cell } from '../domain/cell.ts';
import type { Run } from '../domain/run.ts';
import { needsKata } from '../domain/scenario.ts';

/** What was somebody's own in a run, as far as this cell can have met it: a Kata of one's own is in no cell without Kata. */
export function changedFor(
  { modified }: Pick<Run, 'modified'>,
  { scenario }: Pick<Cell, 'scenario'>,
): readonly string[] {
  return needsKata({ id: scenario })
    ? modified
    : modified.filter((one) => !/^--(?:kata|against|replace)\b/.test(one));
}
