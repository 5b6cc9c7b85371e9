import { isAnchored } from './anchor.ts';
import type { CellId } from './cell.ts';
import type { Evidence, Observation } from './evidence.ts';
import { byTime } from './fold.ts';
import type { Law, Verdict } from './judge.ts';
import { daysOf, nightsOn } from './nights.ts';
import { isConfirmed, tell } from './reds.ts';
import type { Witness } from './witness.ts';

/** A control failed, so nothing can be told; after as many nights as the policy says it is a fault of its own. */
export function blocked(witnesses: readonly Witness[], law: Law): Verdict | undefined {
  for (const { cell, observation } of witnesses) {
    const outcome = observation?.outcome;
    if (!observation || (outcome?.status !== 'failed' && outcome?.status !== 'blocked')) {
      continue;
    }

    const by = outcome.status === 'failed' ? cell : outcome.by;
    const told =
      outcome.status === 'failed'
        ? tell(observation, outcome)
        : `${observation.cell.scenario} was blocked by ${outcome.by}`;
    if (isLasting(by, observation, law)) {
      const reason = `${told}; ${law.policy.blockedNights} nights in a row; whose fault: ${partyOf(by)}`;
      return { word: 'broken', reason, cell: by };
    }
    const rest = outcome.status === 'failed' ? "; what rests on it can't be told" : '';
    return { word: 'blocked', reason: `${told}${rest}`, cell: by };
  }
  return undefined;
}

/** Whether a control was red night after night, and another release's was green there on the same host. */
function isLasting(control: CellId, { basis }: Observation, { all, policy }: Law): boolean {
  const nights = daysOf(nightsOn(all, control, basis)).slice(0, policy.blockedNights);
  const isRed = nights.every(({ status }) => status === 'failed' || status === 'blocked');
  if (
    nights.length < policy.blockedNights ||
    !isRed ||
    new Set(nights.map(({ run }) => run)).size < nights.length
  ) {
    return false;
  }
  const red = newestRed(all, control, basis);
  return red !== undefined && isConfirmed(red, policy) && isAnchored(red, all, policy);
}

function newestRed(
  { observations }: Evidence,
  control: CellId,
  basis: Observation['basis'],
): Observation | undefined {
  return observations
    .filter((one) => one.cell.id === control && one.basis === basis && one.outcome?.status === 'failed')
    .toSorted(byTime)
    .at(-1);
}

function partyOf(control: CellId): string {
  return control.split('/')[1] === 'host' ? 'distro-host' : 'container-stack';
}
