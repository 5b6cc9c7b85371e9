import type { Law, Verdict } from './judge.ts';
import { besides, isConfirmed, knownAs, redOnes, tell } from './reds.ts';
import type { Witness } from './witness.ts';

/** What no container needs, and a reader should know: named are all such reds, and the first of them decides. */
export function lessened(optional: readonly Witness[], law: Law): Verdict | undefined {
  const reds = redOnes(optional).filter(({ observation }) => isConfirmed(observation, law.policy));
  const [first] = reds;
  if (!first) {
    return degraded(optional);
  }
  const told = reds.map((red) => `${tell(red.observation, red.outcome)}${besides(knownAs(red, law))}`);
  return { word: 'degraded', reason: `not required, but ${told.join('; ')}`, cell: first.cell };
}

/** A green that took a departure from a default. */
export function degraded(witnesses: readonly Witness[]): Verdict | undefined {
  for (const { cell, observation } of witnesses) {
    const outcome = observation?.outcome;
    if (observation && outcome?.status === 'passed' && outcome.degraded?.length) {
      const reason = `${observation.cell.scenario} passed, but: ${outcome.degraded.join('; ')}`;
      return { word: 'degraded', reason, cell };
    }
  }
  return undefined;
}
