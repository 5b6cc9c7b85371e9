import type { Asked } from './asked.ts';
import type { Cell } from './cell.ts';
import type { Compared } from './compared.ts';
import { type DifferenceKind, differenceKinds, isVerdict, kindOf } from './difference-kinds.ts';
import type { Known } from './excused.ts';
import type { Outcome } from './outcome.ts';

export interface Difference {
  /** As the run names it; as the base does where the run lacks it. */
  readonly cell: Cell;
  readonly kind: DifferenceKind;
  /** Missing: not there, or never run to its end. */
  readonly base?: Outcome;
  readonly run?: Outcome;
  /** The known issues that the run's failure is. */
  readonly known?: readonly Known[];
  /** Of `not-comparable` and `not-run`, in words: `errored in the run`. */
  readonly because?: string;
}

export interface Differences {
  /** Every cell of either side: the run's in its order, then what the base alone has. */
  readonly all: readonly Difference[];
  readonly counts: Readonly<Record<DifferenceKind, number>>;
  /** Cells with a verdict on both sides that can be compared. */
  readonly compared: number;
}

/** By what cells of two sides belong together. */
type KeyOf = (cell: Cell) => string;

/** The same cell whatever Kata it was run with. */
export const whicheverKata: KeyOf = ({ distro, stack, scenario }) => `${distro}/${stack}/${scenario}`;

/** How two sides are compared. */
interface How {
  /** Which cells belong together: by their ids unless given. */
  readonly keyOf?: KeyOf;
  /** What each side was asked for: all that the other has, unless given. */
  readonly asked?: { readonly base: Asked; readonly run: Asked };
}

const everything = { base: () => true, run: () => true } as const;

/** What differs between two sides, cell by cell. */
export function differencesOf(
  base: readonly Compared[],
  run: readonly Compared[],
  { keyOf = ({ id }) => id, asked = everything }: How = {},
): Differences {
  const before = new Map(base.map((one) => [keyOf(one.cell), one]));
  const now = new Set(run.map(({ cell }) => keyOf(cell)));
  const all = [
    ...run.map((one) => differenceOf(one.cell, before.get(keyOf(one.cell)), one, asked)),
    ...base
      .filter(({ cell }) => !now.has(keyOf(cell)))
      .map((one) => differenceOf(one.cell, one, undefined, asked)),
  ];
  const counts = Object.fromEntries(
    differenceKinds.map((kind) => [kind, all.filter((one) => one.kind === kind).length]),
  ) as Record<DifferenceKind, number>;
  const compared = all.filter(
    ({ kind, base: was, run: is }) => kind !== 'not-comparable' && isVerdict(was) && isVerdict(is),
  ).length;
  return { all, counts, compared };
}

function differenceOf(
  cell: Cell,
  base: Compared | undefined,
  run: Compared | undefined,
  asked: typeof everything | NonNullable<How['asked']>,
): Difference {
  const outcomes = {
    ...(base?.outcome && { base: base.outcome }),
    ...(run?.outcome && { run: run.outcome }),
    ...(run?.known && { known: run.known }),
  };
  const [before, now] = [base?.outcome, run?.outcome];
  if (wasLeftOut(base) && wasLeftOut(run)) {
    return { cell, kind: 'same', ...outcomes };
  }
  if (!base && isVerdict(now)) {
    return asked.base(cell)
      ? { cell, kind: 'new', ...outcomes }
      : { cell, kind: 'not-run', ...outcomes, because: 'not asked for in the base' };
  }
  if (!run && isVerdict(before)) {
    return asked.run(cell)
      ? { cell, kind: 'gone', ...outcomes }
      : { cell, kind: 'not-run', ...outcomes, because: 'not asked for in the run' };
  }
  if (!isVerdict(before) || !isVerdict(now)) {
    const because = [lackOf(base, 'base'), lackOf(run, 'run')].filter((words) => words !== '').join(', ');
    return { cell, kind: 'not-comparable', ...outcomes, because };
  }
  if (base?.manner !== run?.manner) {
    const because = `on ${base?.manner} in the base, on ${run?.manner} in the run`;
    return { cell, kind: 'not-comparable', ...outcomes, because };
  }
  return { cell, kind: kindOf({ ...base, outcome: before }, { ...run, outcome: now }), ...outcomes };
}

/** Nobody asked for it, or the planner had a reason to skip it. */
function wasLeftOut(side: Compared | undefined): boolean {
  return side === undefined || side.outcome?.status === 'skipped';
}

/** Why a side has no verdict; empty where it has one. */
function lackOf(side: Compared | undefined, name: 'base' | 'run'): string {
  if (!side) {
    return `not in the ${name}`;
  }
  if (!side.outcome) {
    return `never ended in the ${name}`;
  }
  return isVerdict(side.outcome) ? '' : `${side.outcome.status} in the ${name}`;
}
