import type { Capacity, Want } from '../../src/run/capacity.ts';

/** Room for so many machines of a core and a GiB each, with what is said otherwise. */
export function capacityLike(machines: number, change: Partial<Capacity> = {}): Capacity {
  return {
    cores: machines,
    memoryMiB: machines * 1024,
    jobs: Number.POSITIVE_INFINITY,
    fixed: false,
    gapMs: 0,
    ...change,
  };
}

/** A clone of debian-13 that takes a core and a GiB, with what is said otherwise. */
export function wantLike(change: Partial<Want> = {}): Want {
  return { kind: 'clone', lane: 'debian-13/qemu:built', weight: { cores: 1, memoryMiB: 1024 }, ...change };
}
