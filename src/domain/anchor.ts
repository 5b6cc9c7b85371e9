import { daysBetween } from './days.ts';
import type { HostFacts } from './entry.ts';
import type { Evidence, Observation } from './evidence.ts';
import type { Policy } from './policy.ts';

/**
 * The host anchor (policy 1): the same scenario was plainly green on another release, with this host's CPU model and
 * outer QEMU and in this speed class, not long before or after. Without it a red may be the host's.
 */
export function isAnchored(red: Observation, { runs, observations }: Evidence, policy: Policy): boolean {
  const prints = new Map(runs.map(({ id, host }) => [id, fingerprint(host)]));
  const print = prints.get(red.run);
  if (print === undefined) {
    return false;
  }

  return observations.some(
    ({ cell, run, basis, at, outcome }) =>
      cell.scenario === red.cell.scenario &&
      cell.distro !== red.cell.distro &&
      outcome?.status === 'passed' &&
      !outcome.flaky &&
      basis === red.basis &&
      prints.get(run) === print &&
      Math.abs(daysBetween(at, red.at)) <= policy.anchorDays,
  );
}

/** Undefined where the host is not known well enough to be the same as any. */
function fingerprint({ cpu, qemu }: HostFacts): string | undefined {
  return cpu === undefined || qemu === undefined ? undefined : JSON.stringify([cpu, qemu]);
}
