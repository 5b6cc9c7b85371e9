import type { CellId } from '../domain/cell.ts';
import type { Difference, Differences } from '../domain/difference.ts';
import { isExcusing, type Known, knownIn } from '../domain/excused.ts';
import type { Run } from '../domain/run.ts';
import type { TestedCell } from './tested.ts';
import { reasonOf } from './words.ts';

/** How a cell stands in JUnit's eyes where that is not what came of it: who reads the file goes red by it. */
export interface Standing {
  readonly element: 'skipped' | 'error';
  readonly message: string;
}

/**
 * Says how the cells of a run stand, as the exit status counts them: where it has a base, by what differs. Of a cell
 * undefined: by what came of it.
 */
export function standingIn(
  run: Run,
  differences: Differences | undefined,
): (tested: TestedCell) => Standing | undefined {
  if (differences) {
    return besideBase(differences);
  }
  const issues = knownIn(run);
  return (tested) => {
    const known = issues.get(tested.cell.id) ?? [];
    return isExcusing(known) ? skipped(`known issue ${wordsOf(known)}: ${reasonOf(tested)}`) : undefined;
  };
}

/** What came of each compared cell in the base, in words. */
export function basesIn({ all }: Pick<Differences, 'all'>): ReadonlyMap<CellId, string> {
  return new Map(all.map((difference) => [difference.cell.id, tellBase(difference)] as const));
}

/** A cell that is compared with nothing counts for nothing: it has no Kata, and the Katas alone differ. */
function besideBase({ all, compared }: Differences): (tested: TestedCell) => Standing | undefined {
  const found = new Map(all.map((one) => [one.cell.id, one]));

  return (tested) => {
    const difference = found.get(tested.cell.id);
    const isTrouble = ['failed', 'errored', 'missing'].includes(tested.shown);
    if (!difference) {
      return isTrouble ? skipped(`it has no Kata that could differ: ${reasonOf(tested)}`) : undefined;
    }
    if (['not-comparable', 'not-run', 'new'].includes(difference.kind)) {
      const because = difference.because ?? 'not in the base';
      const message = `not comparable: ${because}`;
      const told = isTrouble ? `${message}: ${reasonOf(tested)}` : message;
      return compared === 0 ? { element: 'error', message: told } : isTrouble ? skipped(told) : undefined;
    }
    return isTrouble ? redBeside(difference, reasonOf(tested) ?? '') : undefined;
  };
}

function redBeside(difference: Difference, reason: string): Standing | undefined {
  const { kind, known = [] } = difference;
  switch (kind) {
    case 'new-known':
      return skipped(`new, and known: ${wordsOf(known)}: ${reason}`);
    case 'still-red':
      return skipped(`red on the base as well: ${reason}`);
    case 'changed-red':
      return skipped(
        `red on the base as well, but not in the same way: ${reason}; the base ${tellBase(difference)}`,
      );
    case 'flaky':
      return skipped(`flaky on the base, which says nothing either way: ${reason}`);
    case 'new-red':
    case 'new-green':
    case 'degraded':
    case 'new':
    case 'gone':
    case 'not-run':
    case 'not-comparable':
    case 'same':
      return undefined;
    default:
      return kind satisfies never;
  }
}

function tellBase({ cell, base }: Difference): string {
  const shown = base?.status ?? 'missing';
  const reason = reasonOf({ cell, shown, ...(base && { outcome: base }) });
  return reason ? `${shown}: ${reason}` : shown;
}

/** Those that excuse: `kata-9375 (https://…)`. */
function wordsOf(known: readonly Known[]): string {
  const excusing = known.filter((one) => isExcusing([one]));
  return excusing.map(({ issue: { id, tracker } }) => `${id} (${tracker})`).join(', ');
}

function skipped(message: string): Standing {
  return { element: 'skipped', message };
}
