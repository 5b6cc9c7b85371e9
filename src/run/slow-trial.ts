import type { Trial } from '../domain/finding.ts';
import { kataLimits } from '../domain/kata-limits.ts';
import type { Outcome } from '../domain/outcome.ts';

/** How a guest that is merely late ends: Kata's agent did not answer in time. */
const late = 'agent-timeout';

/**
 * What an experiment's red is worth on an emulated machine: one that got past what the cell failed on, and then met a limit of
 * Kata's, was slow. It says nothing of the part that was swapped.
 */
export function asSlowTrial(trial: Trial, own: Outcome, isEmulated: boolean): Trial {
  const { outcome } = trial;
  const before = own.status === 'failed' ? own : undefined;
  if (!isEmulated || outcome?.status !== 'failed' || !before || outcome.class === before.class) {
    return trial;
  }
  const { message = '' } = outcome;
  const isLimit =
    outcome.class === late || kataLimits.some(({ says }) => says.test(message) && !says.test(before.message));
  return isLimit
    ? { ...trial, outcome: { status: 'errored', message: `slow: this machine is emulated: ${message}` } }
    : trial;
}
