import type { CellId } from './cell.ts';
import type { Bench, Verdict } from './judge.ts';
import { redOnes } from './reds.ts';

/**
 * Of a VMM of which nothing was run or skipped, as in a run of a few scenarios, nobody knows whether the release has it: a red of
 * another VMM's cells, which it would rest on as well, says nothing of it. Undefined: it was looked at, or no such red decides.
 */
export function neverLookedAt({ stack, required }: Bench): Verdict | undefined {
  const vmm = stack.split('+')[0];
  const [first, ...others] = required.filter(({ cell }) => stackIn(cell) === vmm);
  const isSeen = [first, ...others].some((one) => one?.observation !== undefined);
  const reds = redOnes(required);
  if (!first || isSeen || reds.length === 0 || reds.some(({ cell }) => ofAll.includes(stackIn(cell)))) {
    return undefined;
  }
  const scenario = first.cell.slice(first.cell.lastIndexOf('/') + 1);
  return { word: 'unknown', reason: `${scenario} was never run`, cell: first.cell };
}

/** What is red here is red for every VMM. */
const ofAll = ['host', 'runc'];

const stackIn = (cell: CellId) => cell.split('/')[1]?.split('~')[0] ?? '';
