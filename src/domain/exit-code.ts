import type { Cell } from './cell.ts';
import { type CellCount, unmet } from './cell-count.ts';
import type { Differences } from './difference.ts';
import { excusedIn } from './excused.ts';
import { exitOf } from './fail-on.ts';
import type { KataRequest } from './kata.ts';
import { outcomeOf, type Run } from './run.ts';
import { isMeant, needsKata } from './scenario.ts';
import type { StackId } from './stack.ts';

/** What was asked for by name. */
export interface Asked {
  readonly stack?: readonly StackId[] | undefined;
  /** Globs. */
  readonly scenario?: readonly string[] | undefined;
  readonly kata?: readonly KataRequest[] | undefined;
}

/**
 * Each stack, glob and Kata that was asked for, as it was said, and the cells that it means. A Kata beside scenarios that are
 * all without one is asked for its parts alone: failures are compared with them.
 */
export function askedFor({ stack = [], scenario = [], kata = [] }: Asked) {
  const isForParts =
    scenario.length > 0 && scenario.every((glob) => /^(host|control|vmm|build)\./.test(glob));
  return [
    ...kata
      .filter(({ source }) => source !== 'none' && !isForParts)
      .map(({ source, label }) => ({
        words: `--kata ${label === undefined ? source : `${label}=${source}`}`,
        means: (cell: Cell) => needsKata({ id: cell.scenario }) && cell.kata === label,
      })),
    ...stack.map((id) => ({ words: `--stack ${id}`, means: (cell: Cell) => cell.stack === id })),
    ...scenario.map((glob) => ({
      words: `--scenario ${glob}`,
      means: (cell: Cell) => isMeant(cell.scenario, glob),
    })),
  ];
}

/** What was asked for by name and came to no verdict in any cell, as it was said; of a shard, what it has a part in. */
export function unexecuted(run: Run, asked: Asked): readonly string[] {
  const planned = cellsOf(run);
  const executed = planned.filter(({ id }) => {
    const status = outcomeOf(run, id)?.status;
    return status === 'passed' || status === 'failed';
  });
  return askedFor(asked)
    .filter(({ means }) => !executed.some(means) && !(run.part && !planned.some(means)))
    .map(({ words }) => words);
}

/**
 * 0: nothing failed, or only what a known issue excuses. 1: a cell failed; this beats everything else. 3: the farm could
 * not do its work (an errored cell, one that was planned and never ran, nothing executed of what was asked for by name,
 * fewer or more cells executed than expected, or, strictly, a cell that was skipped or blocked).
 */
export function exitCodeOf(
  run: Run,
  {
    strict = false,
    expect = [],
    ...asked
  }: { readonly strict?: boolean; readonly expect?: readonly CellCount[] | undefined } & Asked,
): 0 | 1 | 3 {
  const cells = cellsOf(run);
  const excused = excusedIn(run);
  const statuses = cells.map(({ id }) => outcomeOf(run, id)?.status ?? 'missing');

  if (cells.some(({ id }) => outcomeOf(run, id)?.status === 'failed' && !excused.has(id))) {
    return 1;
  }
  if (statuses.includes('errored') || statuses.includes('missing') || unexecuted(run, asked).length > 0) {
    return 3;
  }
  if (unmet(run, expect).length > 0) {
    return 3;
  }
  const left = statuses.includes('skipped') || statuses.includes('blocked') || run.plan.skipped.length > 0;
  return strict && left ? 3 : 0;
}

/** How a run exits of which only the differences to a base count. What was asked for, and expected, is so of the run alone. */
export function exitCodeBeside(
  differences: Differences,
  run: Run,
  { strict, expect = [], ...asked }: Parameters<typeof exitCodeOf>[1],
): 0 | 1 | 3 {
  const code = exitOf(differences, { strict });
  const isShort = unexecuted(run, asked).length > 0 || unmet(run, expect).length > 0;
  return code === 0 && isShort ? 3 : code;
}

function cellsOf({ plan }: Run): readonly Cell[] {
  return plan.batches.flatMap(({ cells }) => cells);
}
