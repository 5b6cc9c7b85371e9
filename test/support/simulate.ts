import type { BatchId } from '../../src/domain/plan.ts';
import type { Capacity, Want, Weight, WorkKind } from '../../src/run/capacity.ts';
import { Slots } from '../../src/run/slots.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A piece of work as it will turn out, and as earlier runs let expect it. */
export interface SimulatedWork {
  readonly ms: number;
  readonly expectedMs: number;
  readonly weight: Weight;
}

/**
 * A release: cold boots begin when its image is there, clones when its template is; the first clone is the canary,
 * and the others begin when that has ended.
 */
export interface SimulatedBatch {
  readonly id: BatchId;
  readonly image: SimulatedWork;
  readonly template: SimulatedWork;
  readonly cold: readonly SimulatedWork[];
  readonly clones: readonly SimulatedWork[];
}

export interface Simulated {
  readonly makespanMs: number;
  readonly boundMs: number;
  /** In order: `KIND BATCH NUMBER`. */
  readonly starts: readonly string[];
  /** The most that was held at any instant. */
  readonly peak: { readonly cores: number; readonly memoryMiB: number; readonly jobs: number };
  readonly cells: number;
}

/** Runs releases through the real scheduler, in virtual time. */
export async function simulate(batches: readonly SimulatedBatch[], capacity: Capacity): Promise<Simulated> {
  const clock = new VirtualClock();
  const slots = new Slots(capacity, new AbortController().signal, { clock });
  const starts: string[] = [];
  const peak = { cores: 0, memoryMiB: 0, jobs: 0 };

  const done = (kind: WorkKind, lane: BatchId, number: number, work: SimulatedWork, extra: Partial<Want>) => {
    const { weight, expectedMs } = work;
    return slots.use({ kind, lane, weight, expectedMs, ...extra }, async (grant) => {
      starts.push(`${kind} ${lane} ${number}`);
      peak.cores = Math.max(peak.cores, slots.used.cores);
      peak.memoryMiB = Math.max(peak.memoryMiB, slots.used.memoryMiB);
      peak.jobs = Math.max(peak.jobs, slots.used.jobs);
      grant.taken();
      await clock.sleep(work.ms);
    });
  };

  const whole = async ({ id, image, template, cold, clones: [canary, ...others] }: SimulatedBatch) => {
    const longest = longestOf(others, 'expectedMs');
    const cellsMs = (canary?.expectedMs ?? 0) + longest;
    const afterImage = Math.max(longestOf(cold, 'expectedMs'), template.expectedMs + cellsMs);
    await done('image', id, 0, image, { restMs: afterImage });
    const frozen = done('template', id, 0, template, { restMs: cellsMs });
    const booted = cold.map((work, number) => done('cold', id, number, work, {}));
    await frozen;
    if (canary) {
      await done('clone', id, 0, canary, { first: true, restMs: longest });
    }
    await Promise.all(others.map((work, number) => done('clone', id, number + 1, work, {})));
    await Promise.all(booted);
  };

  await clock.until(Promise.all(batches.map(whole)));
  const cells = batches.reduce((sum, { cold, clones }) => sum + cold.length + clones.length, 0);
  return { makespanMs: clock.now(), boundMs: boundOf(batches, capacity), starts, peak, cells };
}

/**
 * No scheduler ends sooner: the longest chain of image, template, canary and another clone, or image and cold boot;
 * and all work spread over all that there is of cores, memory, jobs.
 */
export function boundOf(batches: readonly SimulatedBatch[], capacity: Capacity): number {
  const chains = batches.map(({ image, template, cold, clones: [canary, ...others] }) => {
    const cellsMs = (canary?.ms ?? 0) + longestOf(others, 'ms');
    return image.ms + Math.max(longestOf(cold, 'ms'), template.ms + cellsMs);
  });
  const all = batches.flatMap(({ image, template, cold, clones }) => [image, template, ...cold, ...clones]);
  const total = (share: (work: SimulatedWork) => number) => all.reduce((sum, work) => sum + share(work), 0);
  return Math.max(
    ...chains,
    total(({ ms, weight }) => ms * weight.cores) / capacity.cores,
    total(({ ms, weight }) => ms * weight.memoryMiB) / capacity.memoryMiB,
    total(({ ms }) => ms) / capacity.jobs,
  );
}

function longestOf(works: readonly SimulatedWork[], key: 'ms' | 'expectedMs'): number {
  return works.reduce((longest, work) => Math.max(longest, work[key]), 0);
}
