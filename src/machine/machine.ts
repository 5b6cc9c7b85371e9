import type { ChildProcess } from 'node:child_process';
import type { CellId } from '../domain/cell.ts';
import type { Distro } from '../domain/distro.ts';
import type { BatchId } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import type { Part } from '../domain/stack.ts';
import type { Image } from './image.ts';
import type { Judgement } from './judgement.ts';
import type { Offer, Refusal } from './offer.ts';
import type { Store } from './store.ts';

/** Where machines come from. One folder under `providers/` each. */
export interface Provider extends AsyncDisposable {
  readonly name: string;
  /** `vm` proves kernel and userspace, `userspace` (a container) only the latter. */
  readonly fidelity: 'vm' | 'userspace';
  /** It is taken only where it is asked for by its name. */
  readonly onRequest?: true;
  /** All cells of a release have the same machine, one after the other; missing: each has one of its own. */
  readonly sharesMachine?: true;
  /** Finds out what its offers depend on; called before them. Missing: they depend on nothing. */
  look?(signal: AbortSignal): Promise<void>;
  /** What this provider can do for a release, or why it can't. Reads only its argument: the planner calls it. */
  offers(distro: Distro): Offer | Refusal;
  /** Has the release's image ready: from the cache, or made now. One of this `digest` is taken before any other, however old. */
  image(distro: Distro, tell: Tell, signal: AbortSignal, digest?: string): Promise<Image>;
  /** What machines of this host can do, measured with the image's own kernel; once an accelerator and host boot. */
  probe(image: Image, tell: Tell, signal: AbortSignal): Promise<Speed>;
  /** The same, anew, with whatever image the cache holds; undefined where it holds none. */
  measure(tell: Tell, signal: AbortSignal): Promise<Speed | undefined>;
  /** Boots a machine from power-on. Resolves when it answers commands. */
  boot(image: Image, request: BootRequest): Promise<Machine>;
  /** A template of this image and this kind of machine that an earlier run froze; undefined: it has to be made. */
  template?(image: Image, request: BootRequest): Promise<Template | undefined>;
  /** Ends a machine and keeps its state for clones, those of later runs included. Missing: this provider has no clones. */
  freeze?(machine: Machine, request: BootRequest): Promise<Template>;
  /** A machine that was kept goes on where it was frozen. Its kept state stays as it was. */
  revive?(kept: string, request: BootRequest): Promise<Machine>;
  /** What it keeps between runs; missing: nothing. */
  readonly store?: Store;
  /** Ends and removes what earlier, dead farms left; returns what that was, in words. */
  reap(): Promise<readonly string[]>;
  /** A folder that goes with this process, however it ends. Missing: it has none. */
  scratch?(signal: AbortSignal): Promise<string>;
}

export type { Image } from './image.ts';

export type Tell = (line: string) => void;

export interface BootRequest {
  /** Unique within the run, `[A-Za-z0-9._+@~-]` only; stands in the process's command line. */
  readonly name: string;
  readonly run: string;
  readonly batch: BatchId;
  readonly cell?: CellId;
  readonly speed: Speed;
  readonly memoryMiB: number;
  /** A machine that is to be frozen takes no commands: a connection to it would be alive in every clone. */
  readonly purpose: 'commands' | 'template';
  /** Whether the machine may reach anything but what is forwarded to it. */
  readonly network: boolean;
  /** What of the distro's parts is used in it: a provider whose machines may lack some says so. */
  readonly parts?: readonly Part[];
  /** It is to have booted for this: a machine that is up boots again. */
  readonly cold?: boolean;
  /** Its CPU doesn't say that it is virtual (no `hypervisor` flag), as on bare metal. */
  readonly bare?: boolean;
  /** Where console and the like are kept. */
  readonly logs: string;
  /** Told the full command line before the process is spawned. */
  readonly announce: (argv: readonly string[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Stage 2 of the probe: what a template's first clone could do. */
export interface Proof {
  /** Whether a guest in the guest came up under KVM. */
  readonly nested: boolean;
  /** How long the inner guest took, from start to power-off. */
  readonly nestedMs?: number;
  /** It was started, and its kernel panicked: under emulation that may well be the emulator's. */
  readonly panicked: boolean;
  /** In words, where it did not. */
  readonly said: string;
}

/** A machine that was prepared once and frozen. Immutable; every cell runs on a clone of it. */
export interface Template extends AsyncDisposable {
  /** sha256 over everything that went into it. */
  readonly key: string;
  /** What its first clone proved, where an earlier run has asked. */
  readonly proof?: Proof;
  /** A new machine in the template's state, in a fraction of a second. */
  clone(request: BootRequest): Promise<Machine>;
  /** What was changed in it to make it fit for freezing, in words. */
  readonly deviations: readonly string[];
  /** Proves the template by a clone, in which a guest of its own is tried under KVM. */
  prove(request: BootRequest): Promise<Proof>;
  /** A child that was derived by this very change before, in this or an earlier run; undefined: it has to be derived. */
  child?(change: string, request: BootRequest): Promise<Template | undefined>;
  /**
   * A child template: a clone on which `change` was done, frozen again. `key` stands for all that goes into the change;
   * its first line is shown to people. Kept for later runs where `keep` is set and its parent is.
   */
  derive(
    key: string,
    request: BootRequest,
    change: (machine: Machine) => Promise<void>,
    keep?: boolean,
  ): Promise<Template>;
}

export interface SpawnOptions {
  readonly signal?: AbortSignal | undefined;
  /** The command reads what is written to the child's `stdin`. Unless given, it finds its input at its end. */
  readonly input?: boolean;
}

/** A running computer. Everything richer is built on `spawn`. */
export interface Machine extends AsyncDisposable {
  readonly name: string;
  /**
   * Runs a command line by `/bin/sh` as root. Exit status 255 is always the transport's (the machine is lost);
   * a command's own 255 shows as 254. The child emits `close` however it ends, and ends when the signal aborts.
   */
  spawn(command: string, options?: SpawnOptions): ChildProcess;
  /** Copies a file of this host into the machine. */
  push(local: string, remote: string, signal?: AbortSignal): Promise<void>;
  pull(remote: string, local: string, signal?: AbortSignal): Promise<void>;
  /** Restarts it; resolves when it answers again with another boot id, and its boot is over. */
  reboot(signal?: AbortSignal): Promise<void>;
  /**
   * Freezes it to disk and ends its process: it can be gone into later, by what this returns. Missing: it can't be
   * kept.
   */
  keep?(of: { readonly run: string; readonly cell: CellId }, signal?: AbortSignal): Promise<string>;
  /**
   * A login shell, or a command, on this terminal: input, output and errors are the caller's own. Exit status 255 is
   * the transport's, as for `spawn`. Missing: it has none.
   */
  attach?(command?: string): ChildProcess;
  /** Whether it is still there and answers, asked on a way of its own, until the signal aborts. */
  answers(signal?: AbortSignal): Promise<boolean>;
  /** What its console says that no healthy machine says. */
  judge(): Promise<Judgement>;
}
