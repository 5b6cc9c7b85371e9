import type { Outcome } from '../domain/outcome.ts';
import type { Speed, SpeedClass } from '../domain/speed.ts';
import { untilAborted } from '../machine/limit.ts';
import type { Provider } from '../machine/machine.ts';

/** Waits for whoever has a machine first. */
export async function inTurn(before: Promise<Outcome> | undefined, signal: AbortSignal): Promise<void> {
  await (before && untilAborted(before, signal));
}

/** Nobody is to take its second red for one on a fresh machine. */
export function onOneMachine(outcome: Outcome): Outcome {
  const words = 'red each time on one and the same machine: there is no other to confirm it on';
  return outcome.status === 'failed'
    ? { ...outcome, detail: [outcome.detail, words].filter(Boolean).join('\n') }
    : outcome;
}

/** What is known without a proof. Of a machine that exists, `kvm` says that a guest came up on it: there is no more to prove. */
export function seenInside({ sharesMachine }: Pick<Provider, 'sharesMachine'>, speed: Speed): SpeedClass {
  return sharesMachine && speed.class === 'kvm' ? 'kvm-nested' : speed.class;
}
