import type { DistroFacts, HostFacts } from './entry.ts';
import type { Plan } from './plan.ts';

/** Which part of a plan a run is, and the whole of it: any one shard tells what all of them were to do. */
export interface Shard extends ShardName {
  /** A digest of the whole plan and of how it was split: shards of one night have one. */
  readonly split: string;
  readonly plan: Plan;
  readonly distros: readonly DistroFacts[];
}

/** `2/3`, from 1. */
export interface ShardName {
  readonly index: number;
  readonly of: number;
}

/** What a run was put together from. */
export interface Shards {
  readonly of: number;
  readonly split: string;
  /** Those that came back, by their index. */
  readonly came: readonly CameShard[];
}

/** A shard that came back, whole or not. */
export interface CameShard {
  readonly index: number;
  readonly run: string;
  /** ISO time. */
  readonly startedAt: string;
  /** Missing: its farm died before the end. */
  readonly endedAt?: string;
  /** The signal that ended it early. */
  readonly interrupted?: string;
  readonly host: HostFacts;
  readonly modified: readonly string[];
}

/** What is not whole about a run that was put together, in words; none where all of it came back. */
export function shortOf({ of, came }: Shards): readonly string[] {
  const indexes = Array.from({ length: of }, (_, index) => index + 1);
  return indexes.flatMap((index) => {
    const shard = came.find((one) => one.index === index);
    if (!shard) {
      return [`shard ${index} of ${of} never came back`];
    }
    if (shard.interrupted) {
      return [`shard ${index} of ${of} was interrupted by ${shard.interrupted}`];
    }
    return shard.endedAt ? [] : [`shard ${index} of ${of} was cut off`];
  });
}
