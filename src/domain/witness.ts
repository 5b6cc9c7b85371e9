import type { CellId } from './cell.ts';
import { daysBetween } from './days.ts';
import { type Observation, rankOf } from './evidence.ts';
import { byTime, isFirm } from './fold.ts';
import type { Place, Policy } from './policy.ts';
import type { ScenarioId } from './scenario.ts';
import type { StackId } from './stack.ts';
import type { Behind, BehindStatus, Glance } from './support.ts';

/** A required cell with the observation that speaks for it; without one, nothing was seen of it. */
export interface Witness {
  readonly cell: CellId;
  readonly observation?: Observation;
}

/** Of what was seen of a cell, what speaks: verdicts first, then the better basis while it is recent, then the newer. */
export function witnessOf(
  cell: CellId,
  observations: readonly Observation[],
  policy: Policy,
  today: string,
): Witness {
  const weight = (one: Observation) => ({
    firm: isFirm(one, policy) ? 1 : 0,
    basis: daysBetween(one.at, today) <= policy.basisDays ? rankOf(one.basis) : -1,
  });
  const [observation] = seenOf(cell, observations).toSorted((a, b) => {
    const [ours, theirs] = [weight(a), weight(b)];
    return theirs.firm - ours.firm || theirs.basis - ours.basis || byTime(b, a);
  });

  return { cell, ...(observation && { observation }) };
}

/** Cells of Kata's that were run: what was skipped takes nothing away, nor does what upstream knows not to work. */
export function kataWitnesses(
  stack: StackId,
  ids: readonly ScenarioId[],
  { kata: { gaps } }: Policy,
  witness: (place: Place) => Witness,
): readonly Witness[] {
  return ids
    .filter((id) => !gaps.some((gap) => gap.stack === stack && gap.scenario === id))
    .map((id) => witness(`${stack}/${id}`))
    .filter(({ observation }) => observation && observation.outcome?.status !== 'skipped');
}

/** The witness as a published word shows it, beside what is newer and doesn't speak yet. */
export function behindOf({ cell, observation }: Witness, observations: readonly Observation[]): Behind {
  if (!observation) {
    return { cell, status: 'unplanned' };
  }

  const newer = seenOf(cell, observations)
    .filter((other) => byTime(other, observation) > 0)
    .toSorted(byTime)
    .at(-1);
  return {
    cell,
    status: statusOf(observation),
    observed: glance(observation),
    ...(newer && { newer: { status: statusOf(newer), ...glance(newer) } }),
  };
}

/** Containers say nothing of a kernel or a VMM, so they move no word. */
function seenOf(id: CellId, observations: readonly Observation[]): readonly Observation[] {
  return observations.filter(({ cell, basis }) => cell.id === id && basis !== 'userspace');
}

function statusOf({ outcome }: Observation): BehindStatus {
  return outcome?.status === 'passed' && outcome.flaky ? 'flaky' : (outcome?.status ?? 'missing');
}

function glance({ run, variant, at, basis }: Observation): Glance {
  return { run, ...(variant && { variant }), at, basis };
}
