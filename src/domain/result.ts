import type { Finding, Trial } from './finding.ts';
import type { Outcome, Phase } from './outcome.ts';

export type Facts = Readonly<Record<string, string | number>>;

/** How long each phase took, in milliseconds. */
export type Timings = Readonly<Partial<Record<Phase, number>>>;

/** Everything that happened to a cell. */
export interface Result {
  readonly attempts: readonly Attempt[];
  /** Missing: no verdict stands yet. */
  readonly outcome?: Outcome;
  readonly endedAt?: string;
  /** Of all attempts together, in milliseconds. */
  readonly ms: number;
  /** Of the last attempt's own phases. */
  readonly timings: Timings;
  readonly facts: Facts;
  readonly files: readonly string[];
  /** What was tried to learn whose fault its failure is, in order. */
  readonly trials?: readonly Trial[];
  /** Whose fault its failure is. */
  readonly finding?: Finding;
  /** In a run that was put together: the shard that came to the verdict. */
  readonly shard?: number;
}

export interface Attempt {
  readonly number: number;
  readonly startedAt: string;
  /** Missing: the farm died before the attempt came to an end. */
  readonly outcome?: Outcome;
  readonly ms?: number;
}
