import type { Phase } from '../domain/outcome.ts';
import { limitFor, untilAborted } from './limit.ts';

/** Phases with a limit. What is recorded is the disk's affair: it takes a line, or it refuses it. */
export type LimitedPhase = Exclude<Phase, 'record'>;

interface PhaseLimit {
  /** For what this host does by itself, at whatever speed its machines have. */
  readonly hostSeconds: number;
  /** For what happens in a machine, on hardware of speed 1: stretched by the machine's factor. */
  readonly machineSeconds: number;
}

/**
 * How long a phase may take before it is the farm's own trouble. Figures in parentheses were measured on two cores
 * without usable KVM, at factor 6 and so on (docs/architecture.md): a limit is at least five times as long.
 */
export const phaseLimits: Readonly<Record<LimitedPhase, PhaseLimit>> = {
  /** Without a sign of life, not in all (84 s): a slow mirror is alive while bytes come. apt gives up on a mirror by itself after minutes. */
  image: { hostSeconds: 600, machineSeconds: 0 },
  /** Nothing is known of the host's speed yet: emulation has 120 s, KVM four times what that took (15 s). */
  probe: { hostSeconds: 600, machineSeconds: 0 },
  /** A disk, QEMU's socket (60 s on a busy host); then power-on to the end of init and a login (59 s). */
  boot: { hostSeconds: 90, machineSeconds: 90 },
  /** A script of the user's, which may install packages over a network; a clone and a freeze around it. */
  prepare: { hostSeconds: 90, machineSeconds: 600 },
  /** 1.6 s. A memory file goes to the disk. */
  freeze: { hostSeconds: 60, machineSeconds: 30 },
  /** A disk, QEMU's socket; then the state (0.95 s) with a limit of 15 s, and a login (2.0 s) with one of 20 s. */
  clone: { hostSeconds: 90, machineSeconds: 35 },
  /** Steps have limits of their own; this is the least that a whole scenario has (`scenarioSeconds`). */
  execute: { hostSeconds: 0, machineSeconds: 300 },
  /** Whether it answers (10 s), which processes there are (10 s), and control.runc again: four steps of 30 s. */
  diagnose: { hostSeconds: 10, machineSeconds: 140 },
  /** A logout (5 s), its disk put onto its image's, a hang of 60 s; its memory's bytes come on top (`transferSeconds`). */
  keep: { hostSeconds: 300, machineSeconds: 0 },
  /** SIGKILL, and the removal of a few files: more than seconds means that the disk hangs. */
  teardown: { hostSeconds: 60, machineSeconds: 0 },
};

/** A phase's limit in seconds, on machines of this factor. */
export function phaseSeconds(phase: LimitedPhase, factor = 1): number {
  const { hostSeconds, machineSeconds } = phaseLimits[phase];
  return hostSeconds + machineSeconds * factor;
}

/** How long so many bytes may take to be written, or read, on a disk that is slow and shared: 20 MB/s. */
export function transferSeconds(bytes: number): number {
  return bytes / 20e6;
}

/** The limit of a whole scenario, in seconds: ten of its steps. Whichever step hangs runs into its own limit first. */
export function scenarioSeconds(stepSeconds: number, factor: number): number {
  return Math.max(phaseSeconds('execute', factor), 10 * stepSeconds * factor);
}

/** Between being asked to end and being given up on: time to end processes and remove files. */
const graceSeconds = 30;

const never = new AbortController().signal;

export interface Awaited {
  readonly phase: Exclude<LimitedPhase, 'image' | 'execute'>;
  /** In words, after "cannot wait any longer than 90 s for". */
  readonly what: string;
  readonly factor?: number;
  /** To be written or read in it: their time comes on top of the phase's. */
  readonly bytes?: number;
  /** What was seen last of it. */
  readonly seen?: () => string | undefined;
}

/**
 * The work of one phase under its limit: its signal aborts there with a LimitReached, and work that goes on all the
 * same is given up on a while later. An interruption waits for the work to let go of what it holds.
 */
export async function within<T>(
  { phase, what, factor = 1, bytes = 0, seen }: Awaited,
  signal: AbortSignal,
  work: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  const seconds = phaseSeconds(phase, factor) + transferSeconds(bytes);
  using limit = limitFor(signal, seconds, what, { seen });
  using end = limitFor(never, seconds + graceSeconds, what, { seen });
  return await untilAborted(work(limit.signal), end.signal);
}
