import type { CellId } from './cell.ts';
import type { DistroId } from './distro.ts';
import type { Finding, Trial } from './finding.ts';
import type { KnownIssue } from './known-issue.ts';
import type { Outcome, Phase } from './outcome.ts';
import type { BatchId, Plan } from './plan.ts';
import type { Shard, Shards } from './shard.ts';

/** The version of the journal's format: `v` of its first entry. */
export const JOURNAL_VERSION = 1;

/** One line of the journal. Add a member here and the compiler lists every reader to teach. */
export type Entry = {
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** In a journal that was put together: from which shard's it is. */
  readonly shard?: number;
} & (
  | {
      readonly type: 'run-started';
      readonly v: typeof JOURNAL_VERSION;
      readonly run: string;
      readonly host: HostFacts;
      readonly plan: Plan;
      /** The releases as they were when the run began: titles, dates and claims that reports speak of. */
      readonly distros: readonly DistroFacts[];
      /** The arguments after `katafarm run` that repeat it. */
      readonly command: readonly string[];
      /** What was somebody's own: a change in the machines, releases, scenarios. Such a run is never published. */
      readonly modified: readonly string[];
      /** A digest of each release and scenario as it was, by its id: told apart when the run is gone on with. */
      readonly inputs?: Readonly<Record<string, string>>;
      /** What was known to fail on these releases, so that a report needs no other file. */
      readonly knownIssues?: readonly KnownIssue[];
      /** Of a run that is a part of a plan: which, and the whole. */
      readonly part?: Shard;
      /** Of a run that was put together: from what. */
      readonly shards?: Shards;
    }
  /** `changed`: releases and scenarios that are not what they were when the run began. */
  | { readonly type: 'run-resumed'; readonly host: HostFacts; readonly changed?: readonly string[] }
  /** Of a whole batch, or of one cell's attempt. */
  | {
      readonly type: 'phase-ended';
      readonly batch: BatchId;
      readonly cell?: CellId;
      readonly phase: Phase;
      readonly ms: number;
    }
  /** Written before the process is spawned. */
  | {
      readonly type: 'machine-started';
      readonly machine: string;
      readonly batch: BatchId;
      readonly cell?: CellId;
      readonly argv: readonly string[];
    }
  | { readonly type: 'cell-started'; readonly cell: CellId; readonly attempt: number }
  | {
      readonly type: 'fact';
      readonly subject: CellId | BatchId;
      readonly key: string;
      readonly value: string | number;
    }
  /** A file that a cell left, as a path below the run's folder. */
  | { readonly type: 'file'; readonly cell: CellId; readonly path: string }
  | {
      readonly type: 'attempt-ended';
      readonly cell: CellId;
      readonly attempt: number;
      readonly outcome: Outcome;
      readonly ms: number;
    }
  /** Something was tried on a clone to learn whose fault a failure is. */
  | { readonly type: 'experiment-ended'; readonly cell: CellId; readonly trial: Trial }
  /** Whose fault a cell's failure is, once no more is tried. One that is the farm's makes the cell errored. */
  | { readonly type: 'finding-made'; readonly cell: CellId; readonly finding: Finding }
  /** Once a cell, when its verdict stands. */
  | { readonly type: 'cell-ended'; readonly cell: CellId; readonly outcome: Outcome; readonly ms: number }
  | { readonly type: 'run-ended'; readonly interrupted?: string }
);

/** What the farm knows of the computer it runs on: CPU model, cores, memory, kernel, outer QEMU. */
export type HostFacts = Readonly<Record<string, string | number>>;

/** What reports need to know of a release. */
export interface DistroFacts {
  readonly id: DistroId;
  readonly title: string;
  readonly rolling: boolean;
  /** ISO date after which nobody mends it. */
  readonly eol?: string;
  readonly notes: readonly string[];
}

/** `Omit` that reaches into each member of a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What a caller says; the journal adds when. */
export type Note = Without<Entry, 'at' | 'shard'>;
