import type { Experiment, SwapPart, Trial } from '../domain/finding.ts';
import { groupOf } from '../domain/scenario.ts';
import type { Case, Donor } from './case.ts';
import type { Known } from './known.ts';

/** What swaps of one part came to. */
export interface Swapped {
  readonly part: SwapPart;
  readonly by: string;
  /** `green`: and red again on a clone after it. `once`: green, and then green again without it. */
  readonly came: 'green' | 'red' | 'once' | 'nothing';
  /** The kind of failure that it came to. */
  readonly class?: string;
}

/** In the order in which they are tried. */
const order: readonly SwapPart[] = [
  'virtiofsd',
  'vmm',
  'firmware',
  'guest-kernel',
  'guest-image',
  'lsm',
  'engine',
  'kata',
];

/** What a group's scenarios consist of, beside the host itself. */
const inGroup = {
  host: [],
  control: ['engine', 'lsm'],
  vmm: ['virtiofsd', 'vmm', 'firmware', 'guest-kernel', 'lsm'],
  kata: order,
  mapping: order,
  // What is built is no part of a stack.
  build: [],
} as const satisfies Readonly<Record<ReturnType<typeof groupOf>, readonly SwapPart[]>>;

/** The next swap that is worth trying, or `again` after a green one; undefined: there is no more. */
export function nextSwap(one: Case, { row }: Known, trials: readonly Trial[]): Experiment | undefined {
  if (owesAgain(trials)) {
    return { kind: 'again' };
  }
  const tried = trials.map(({ experiment }) => experiment).filter((experiment) => experiment.kind === 'swap');
  const green = new Set(
    swapsIn(trials)
      .filter(({ came }) => came === 'green')
      .map(({ part }) => part),
  );
  const isTried = ({ part, by }: Donor) => tried.some((swap) => swap.part === part && swap.by === by);
  const allowed: readonly SwapPart[] = inGroup[groupOf(one.cell.scenario)];
  const donor = order
    .filter((part) => allowed.includes(part) && !green.has(part))
    .filter((part) => !row || row.swaps === 'all' || row.swaps.includes(part))
    .flatMap((part) => one.donors.filter((candidate) => candidate.part === part && !isTried(candidate)))[0];
  return donor && { kind: 'swap', ...donor };
}

/** The last green of anything that was changed has no red after it yet. */
export function owesAgain(trials: readonly Trial[]): boolean {
  const last = trials.findLast(({ outcome }) => outcome?.status === 'passed' || outcome?.status === 'failed');
  const afterwards = last ? trials.slice(trials.indexOf(last) + 1) : [];
  const isChange = last?.experiment.kind === 'swap' || last?.experiment.kind === 'mend';
  // An `again` that says nothing is not asked for twice.
  return (
    isChange &&
    last?.outcome?.status === 'passed' &&
    !afterwards.some(({ experiment }) => experiment.kind === 'again')
  );
}

/** What each swap or mending came to, once the `again` after it is known. */
export function cameTo(trial: Trial, trials: readonly Trial[]): Swapped['came'] {
  if (trial.outcome?.status === 'failed') {
    return 'red';
  }
  if (trial.outcome?.status !== 'passed') {
    return 'nothing';
  }
  const after = trials.slice(trials.indexOf(trial) + 1).find(({ experiment }) => experiment.kind === 'again');
  if (after?.outcome?.status === 'failed') {
    return 'green';
  }
  return after?.outcome?.status === 'passed' ? 'once' : 'nothing';
}

/** Swaps that were made, and what they came to. */
export function swapsIn(trials: readonly Trial[]): readonly Swapped[] {
  return trials.flatMap((trial) => {
    const { experiment, outcome } = trial;
    if (experiment.kind !== 'swap') {
      return [];
    }
    const kind = outcome?.class;
    const { part, by } = experiment;
    return [{ part, by, came: cameTo(trial, trials), ...(kind !== undefined && { class: kind }) }];
  });
}
