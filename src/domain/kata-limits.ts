import type { Errored, Outcome } from './outcome.ts';

/** A limit of Kata's that no configuration changes. */
export interface KataLimit {
  readonly what: string;
  readonly seconds: number;
  /** What Kata says when it runs into it. */
  readonly says: RegExp;
  /** Where in Kata's sources; looked up again whenever the pinned release moves. */
  readonly source: string;
}

const qmp = 'src/runtime-rs/crates/hypervisor/src/qemu/qmp.rs';

/** Of Kata 4.1.0. */
export const kataLimits: readonly KataLimit[] = [
  {
    what: 'QEMU to answer over QMP',
    seconds: 50,
    says: /timed out waiting for QMP ready/,
    source: `${qmp}, DEFAULT_QMP_CONNECT_DEADLINE_MS`,
  },
  {
    what: 'an answer to one QMP command',
    seconds: 0.25,
    says: /(?:qmp|device_add|blockdev|netdev|hotplug).*(?:Resource temporarily unavailable|os error 11|WouldBlock)/is,
    source: `${qmp}, DEFAULT_QMP_READ_TIMEOUT`,
  },
  {
    what: 'QEMU to have removed a device',
    seconds: 10,
    says: /timed out \([^)]*\) waiting for DEVICE_DELETED/,
    source: `${qmp}, DEVICE_DELETED_TIMEOUT`,
  },
];

/**
 * What a red is on a machine that is slower than hardware: where it has the words of such a limit, the farm's slowness. A
 * red whose kind is known otherwise stays, as a scenario looked closer than Kata's words do.
 */
export function asSlow(outcome: Outcome): Outcome {
  if (outcome.status !== 'failed' || outcome.class !== undefined) {
    return outcome;
  }
  const said = `${outcome.message}\n${outcome.detail ?? ''}`;
  const limit = kataLimits.find(({ says }) => says.test(said));
  return limit ? slowOutcome(limit, outcome) : outcome;
}

function slowOutcome(
  { what, seconds }: KataLimit,
  { message, detail }: Extract<Outcome, { status: 'failed' }>,
): Errored {
  return {
    status: 'errored',
    phase: 'execute',
    message: `slow: Kata waits no longer than ${seconds} s for ${what}, and this machine is emulated: ${message}`,
    ...(detail !== undefined && { detail }),
  };
}
