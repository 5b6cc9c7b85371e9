import type { BatchId } from '../domain/plan.ts';

/** What is asked for: the making of an image, a machine that becomes a template, the proof of one, a cell's machine. */
export type WorkKind = 'image' | 'template' | 'proof' | 'cold' | 'clone';

/** What a piece of work takes of the host while it goes on. */
export interface Weight {
  /** 1 is a core that is never idle; a half is counted as such. */
  readonly cores: number;
  readonly memoryMiB: number;
}

/** What there is to be shared out. */
export interface Capacity extends Weight {
  /** So many at once, whatever they weigh. */
  readonly jobs: number;
  /** The memory is what somebody allowed, and not what happened to be available: charges are held to the end. */
  readonly fixed: boolean;
  /** Between two starts, in milliseconds. */
  readonly gapMs: number;
}

export interface Want {
  readonly kind: WorkKind;
  /** Clones of one template share a lane, which has a limit. */
  readonly lane: BatchId;
  readonly weight: Weight;
  /** By earlier runs; unknown: what is usual for its kind. */
  readonly expectedMs?: number | undefined;
  /** Of the longest chain that can only begin when this has ended: a template behind its image, cells behind a control. */
  readonly restMs?: number | undefined;
  /** Higher goes before, among what is equally urgent: a release that may bring news before one that was green. */
  readonly rank?: number | undefined;
  /** Goes before its equals: a canary, or what changed since it was last green. */
  readonly first?: boolean | undefined;
}

/** What a QEMU process holds by itself: 270 MB were resident of a clone that had done nothing (measured, QEMU 7.2). */
const processMiB = 270;
/** What a cell's work dirties of a clone, a nested guest and its tools included: an allowance, not a measured figure. */
const dirtiedMiB = 1024;
/** What a boot from power-on and its preparation leave in a machine's memory: 440 MB were measured, page cache grows. */
const bootedMiB = 1280;
/** An image is made by a package manager and a compressor; no more than this was seen, and it was not measured closely. */
const builderMiB = 1024;

/** Between two starts on one core under emulation, in milliseconds: a clone is restored in about that time. */
const emulatedGapMs = 300;
/** The same on hardware KVM, where restoring is all that a start costs. */
const nativeGapMs = 50;

/**
 * What a piece of work takes. An emulated machine keeps a core busy even when it waits, as its vCPU's thread emulates
 * timers and spinning guests. On hardware KVM a cell mostly waits for daemons and for its nested guest's devices, so
 * that half a core is the cautious figure until one is measured there. Making an image is work for a whole core
 * anywhere, and so is a boot that is to become a template, since all its cells wait for it.
 */
export function weightOf(kind: WorkKind, accelerated: boolean): Weight {
  switch (kind) {
    case 'image':
      return { cores: 1, memoryMiB: builderMiB };
    case 'template':
      return { cores: 1, memoryMiB: processMiB + bootedMiB };
    case 'cold':
      return { cores: accelerated ? 0.5 : 1, memoryMiB: processMiB + bootedMiB };
    case 'proof':
    case 'clone':
      return { cores: accelerated ? 0.5 : 1, memoryMiB: processMiB + dirtiedMiB };
    default:
      return kind satisfies never;
  }
}

/** The heaviest that a run may ask for: a budget below it could not run everything. */
const heaviestMiB = processMiB + bootedMiB;

export interface CapacityRequest {
  /** `--jobs`; left out: as many as the cores carry. */
  readonly jobs?: number | undefined;
  /** `--memory`; left out: what the host has available. */
  readonly memoryMiB?: number | undefined;
  /** Machines run on hardware KVM. */
  readonly accelerated?: boolean | undefined;
}

/**
 * What a host can carry. One machine always fits, however little is available, unless somebody allowed less than one
 * takes: that is for `excessOf` to refuse. More jobs than there are cores are taken as asked for.
 */
export function capacityOf(
  host: { readonly cores: number; readonly availableMiB: number },
  { jobs, memoryMiB, accelerated = false }: CapacityRequest = {},
): Capacity {
  const available = Math.max(host.availableMiB, heaviestMiB);
  const gapMs = (accelerated ? nativeGapMs : emulatedGapMs) / host.cores;
  return {
    cores: Math.max(host.cores, jobs ?? 0),
    memoryMiB: Math.min(memoryMiB ?? available, available),
    jobs: jobs ?? Number.POSITIVE_INFINITY,
    fixed: memoryMiB !== undefined,
    gapMs,
  };
}

/** How many of a weight are carried at once: what a message may speak of as machines at a time. */
export function mostOf({ cores, memoryMiB }: Weight, capacity: Capacity): number {
  return Math.min(
    capacity.jobs,
    Math.floor(capacity.cores / cores),
    Math.floor(capacity.memoryMiB / memoryMiB),
  );
}

/** Why a weight can't be carried even by an idle host, in words; undefined where it can. */
export function excessOf({ cores, memoryMiB }: Weight, capacity: Capacity): string | undefined {
  if (memoryMiB > capacity.memoryMiB) {
    return `cannot fit what takes ${memoryMiB} MiB into ${capacity.memoryMiB} MiB: allow more by --memory, or leave it out`;
  }
  if (cores > capacity.cores || capacity.jobs < 1) {
    return `cannot fit what takes ${cores} cores into ${capacity.cores}, ${capacity.jobs} at a time: allow more by --jobs, or leave it out`;
  }
  return undefined;
}

/**
 * What the host shows as taken of a machine that has come up: all that booting costs, and of a clone, which has its
 * template's memory to share, QEMU's own.
 */
export function takenWhenUp(kind: 'cold' | 'clone'): number {
  return kind === 'cold' ? processMiB + bootedMiB : processMiB;
}
