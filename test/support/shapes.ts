import type { BatchId } from '../../src/domain/plan.ts';
import { type Capacity, capacityOf, type WorkKind, weightOf } from '../../src/run/capacity.ts';
import type { SimulatedBatch, SimulatedWork } from './simulate.ts';

export interface Shape {
  readonly name: string;
  readonly capacity: Capacity;
  /** Of about so many cells; the same numbers give the same releases. */
  readonly batches: (cells: number, random: () => number) => readonly SimulatedBatch[];
}

/** How far history is off, either way. */
const error = 0.15;
const seconds = 1000;

/**
 * Five kinds of nights. Sizes are such that a schedule close to the bound exists: many more cells than machines, no
 * single chain that leaves the host idle around it unless that chain is the bound itself, and at least as many
 * releases as machines, as nothing but images can be made at the start.
 */
export const shapes: readonly Shape[] = [
  {
    name: 'uniform',
    capacity: capacityOf({ cores: 8, availableMiB: 32_768 }),
    batches: (cells, random) => releases(cells / 42, () => release(random, { clones: 40, cell: () => 20 })),
  },
  {
    // Most cells take seconds, and one in a hundred many minutes.
    name: 'heavy tail',
    capacity: capacityOf({ cores: 8, availableMiB: 32_768 }),
    batches: (cells, random) =>
      releases(cells / 42, () =>
        release(random, { clones: 40, cell: () => Math.min(900, 8 / (1 - random()) ** 0.9) }),
      ),
  },
  {
    // Three releases boot and install for a quarter of an hour, and are the last of the plan.
    name: 'few long templates',
    capacity: capacityOf({ cores: 8, availableMiB: 32_768 }),
    batches: (cells, random) =>
      releases(cells / 42, (number, count) =>
        release(random, {
          clones: 40,
          cell: () => 10 + 20 * random(),
          template: number >= count - 3 ? 900 : 60,
        }),
      ),
  },
  {
    // Cores for twice as many machines as there is memory for; some cells' nested guests are large.
    name: 'memory-bound',
    capacity: capacityOf({ cores: 32, availableMiB: 24_576 }),
    batches: (cells, random) =>
      releases(cells / 42, () =>
        release(random, {
          clones: 40,
          cell: () => 10 + 30 * random(),
          extraMiB: () => (random() < 0.1 ? 2048 + 1024 * random() : 256 * random()),
        }),
      ),
  },
  {
    name: 'many distros',
    capacity: capacityOf({ cores: 16, availableMiB: 65_536 }),
    batches: (cells, random) =>
      releases(cells / 10, () => release(random, { clones: 8, cell: () => 10 + 30 * random() })),
  },
];

interface Kind {
  readonly clones: number;
  /** In seconds. */
  readonly cell: () => number;
  /** In seconds. */
  readonly template?: number;
  readonly extraMiB?: () => number;
}

/** Of the planned length: an image and a template of a minute each, two boots from power-on, and clones. */
function release(
  random: () => number,
  { clones, cell, template = 60, extraMiB = () => 0 }: Kind,
): Omit<SimulatedBatch, 'id'> {
  const work = (kind: WorkKind, takes: number, extra = 0): SimulatedWork => {
    const ms = takes * seconds;
    const { cores, memoryMiB } = weightOf(kind, false);
    const weight = { cores, memoryMiB: Math.round(memoryMiB + extra) };
    return { ms, expectedMs: ms * (1 + error * (2 * random() - 1)), weight };
  };
  return {
    image: work('image', 60),
    template: work('template', template),
    cold: [work('cold', 75), work('cold', 75)],
    clones: Array.from({ length: clones }, () => work('clone', cell(), extraMiB())),
  };
}

function releases(
  count: number,
  make: (number: number, count: number) => Omit<SimulatedBatch, 'id'>,
): readonly SimulatedBatch[] {
  const whole = Math.max(1, Math.round(count));
  return Array.from({ length: whole }, (_, number) => {
    const id: BatchId = `release-${number + 1}/qemu:built`;
    return { id, ...make(number, whole) };
  });
}

/** Numbers from 0 to 1 that the seed alone decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
