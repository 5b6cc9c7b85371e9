import { isExcusing, type Known } from './excused.ts';
import type { Finding } from './finding.ts';
import type { Outcome } from './outcome.ts';
import { isSameFailure } from './same-failure.ts';

/**
 * What became of a cell between a base and a run. `new-known`: newly red, by a known issue that excuses it. `still-red`:
 * for the same reason as far as can be told; `changed-red`: for another one. `flaky`: either side was red first and green next, which is neither news nor none.
 * `degraded`: green on both sides, by other departures. `new` and `gone`: a verdict on a cell that the other side has not
 * at all, though it ran its release: there was no such scenario yet, or is none any more. `not-run`: the other side was not
 * asked for it, which says nothing. `not-comparable`: both sides have it, and one has no verdict, or on machines of another kind.
 */
export const differenceKinds = [
  'new-red',
  'new-known',
  'changed-red',
  'flaky',
  'new-green',
  'degraded',
  'new',
  'gone',
  'not-run',
  'not-comparable',
  'still-red',
  'same',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export type Verdict = Extract<Outcome, { status: 'passed' | 'failed' }>;

/** A side of a cell that came to a verdict. */
export interface Judged {
  readonly outcome: Verdict;
  readonly finding?: Finding;
  readonly known?: readonly Known[];
}

export function isVerdict(outcome: Outcome | undefined): outcome is Verdict {
  return outcome?.status === 'passed' || outcome?.status === 'failed';
}

/** What became of a cell that has a verdict on both sides. */
export function kindOf(base: Judged, run: Judged): DifferenceKind {
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
