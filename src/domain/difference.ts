import type { Cell } from './cell.ts';
import type { Compared } from './compared.ts';
import { isExcusing, type Known } from './excused.ts';
import type { Finding } from './finding.ts';
import type { Outcome } from './outcome.ts';
import { isSameFailure } from './same-failure.ts';

/**
 * What became of a cell between a base and a run. `new-known`: newly red, by a known issue that excuses it. `still-red`:
 * for the same reason as far as can be told; `changed-red`: for another one. `flaky`: either side was red first and green next, which is neither news nor none.
 * `degraded`: green on both sides, by other departures. `new` and `gone`: a verdict on a cell that the other side has not
 * at all, which is neither a regression nor a flake. `not-comparable`: both sides have it, and one has no verdict.
 */
const differenceKinds = [
  'new-red',
  'new-known',
  'changed-red',
  'flaky',
  'new-green',
  'degraded',
  'new',
  'gone',
  'not-comparable',
  'still-red',
  'same',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export interface Difference {
  /** As the run names it; as the base does where the run lacks it. */
  readonly cell: Cell;
  readonly kind: DifferenceKind;
  /** Missing: not there, or never run to its end. */
  readonly base?: Outcome;
  readonly run?: Outcome;
  /** The known issues that the run's failure is. */
  readonly known?: readonly Known[];
  /** Of `not-comparable`, in words: `errored in the run`. */
  readonly because?: string;
}

export interface Differences {
  /** Every cell of either side: the run's in its order, then what the base alone has. */
  readonly all: readonly Difference[];
  readonly counts: Readonly<Record<DifferenceKind, number>>;
  /** Cells with a verdict on both sides. */
  readonly compared: number;
}

/** By what cells of two sides belong together. */
type KeyOf = (cell: Cell) => string;

/** The same cell whatever Kata it was run with. */
export const whicheverKata: KeyOf = ({ distro, stack, scenario }) => `${distro}/${stack}/${scenario}`;

/** What differs between two sides, cell by cell; `keyOf` says which belong together, by their ids unless given. */
export function differencesOf(
  base: readonly Compared[],
  run: readonly Compared[],
  keyOf: KeyOf = ({ id }) => id,
): Differences {
  const before = new Map(base.map((one) => [keyOf(one.cell), one]));
  const now = new Set(run.map(({ cell }) => keyOf(cell)));
  const all = [
    ...run.map((one) => differenceOf(one.cell, before.get(keyOf(one.cell)), one)),
    ...base.filter(({ cell }) => !now.has(keyOf(cell))).map((one) => differenceOf(one.cell, one, undefined)),
  ];
  const counts = Object.fromEntries(
    differenceKinds.map((kind) => [kind, all.filter((one) => one.kind === kind).length]),
  ) as Record<DifferenceKind, number>;
  const compared = all.filter((one) => isVerdict(one.base) && isVerdict(one.run)).length;
  return { all, counts, compared };
}

function differenceOf(cell: Cell, base: Compared | undefined, run: Compared | undefined): Difference {
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
    return { cell, kind: 'new', ...outcomes };
  }
  if (!run && isVerdict(before)) {
    return { cell, kind: 'gone', ...outcomes };
  }
  if (!isVerdict(before) || !isVerdict(now)) {
    const because = [lackOf(base, 'base'), lackOf(run, 'run')].filter((words) => words !== '').join(', ');
    return { cell, kind: 'not-comparable', ...outcomes, because };
  }
  return { cell, kind: kindOf({ ...base, outcome: before }, { ...run, outcome: now }), ...outcomes };
}

/** Nobody asked for it, or the planner had a reason to skip it. */
function wasLeftOut(side: Compared | undefined): boolean {
  return side === undefined || side.outcome?.status === 'skipped';
}

type Verdict = Extract<Outcome, { status: 'passed' | 'failed' }>;

function isVerdict(outcome: Outcome | undefined): outcome is Verdict {
  return outcome?.status === 'passed' || outcome?.status === 'failed';
}

interface Judged {
  readonly outcome: Verdict;
  readonly finding?: Finding;
  readonly known?: readonly Known[];
}

function kindOf(base: Judged, run: Judged): DifferenceKind {
  const [before, now] = [base.outcome, run.outcome];
  if (isFlaky(before) || isFlaky(now)) {
    return isFlaky(before) && isFlaky(now) ? 'same' : 'flaky';
  }
  if (before.status === 'passed' && now.status === 'passed') {
    const words = ({ degraded = [] }: typeof before) => JSON.stringify(degraded.toSorted());
    return words(before) === words(now) ? 'same' : 'degraded';
  }
  if (before.status === 'passed') {
    return isExcusing(run.known ?? []) ? 'new-known' : 'new-red';
  }
  if (now.status === 'passed') {
    return 'new-green';
  }
  return isSameFailure(before, base.finding, now, run.finding) ? 'still-red' : 'changed-red';
}

const isFlaky = (outcome: Verdict) => outcome.status === 'passed' && outcome.flaky === true;

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
