import type { BriefFinding } from './brief.ts';
import type { CellId } from './cell.ts';
import type { DistroId } from './distro.ts';
import type { HostFacts } from './entry.ts';
import type { Basis } from './evidence.ts';
import type { Phase, Status } from './outcome.ts';
import type { Variant } from './plan.ts';

/**
 * How every cell came out, night after night, for years: what is published keeps the newest of a cell, the chronicle keeps
 * all of them, in brief. Merging is commutative, associative and idempotent.
 */
export interface Chronicle {
  /** Oldest first. */
  readonly runs: readonly ChronicleRun[];
  /** By release, variant and basis. */
  readonly lanes: readonly Lane[];
  /** What reds said, by a digest of it: nights of one failure share one. */
  readonly reds: Readonly<Record<RedId, Red>>;
}

/** A run, without its cells. */
export interface ChronicleRun {
  readonly id: string;
  /** ISO time. */
  readonly startedAt: string;
  /** ISO time of the last that it told: of a run that is told of twice, what tells of more counts, then what is later. */
  readonly until: string;
  readonly host: HostFacts;
  /** The words after `katafarm run`. */
  readonly command: readonly string[];
  /** Versions of the Katas that it had. */
  readonly katas: readonly string[];
  /** Cut short: by a signal, or because the farm died. */
  readonly cut?: true;
}

/** Runs of one release's machines, had in one way and of one worth, and how each cell came out in them. */
export interface Lane {
  readonly release: DistroId;
  readonly variant: Variant;
  readonly basis: Basis;
  /** Ids of the runs, oldest first; everything below counts along them. */
  readonly runs: readonly string[];
  /** How long the release's cells took together, in whole seconds. */
  readonly seconds: readonly number[];
  /**
   * Versions of each package; empty: not there, or not told. Beside them `image` (its digest), `kernel` (which ran) and
   * `Kata`, with a label where a run had several.
   */
  readonly versions: Readonly<Record<string, readonly Spell<string>[]>>;
  /** By cell and Kata. */
  readonly strips: readonly Strip[];
}

/** One cell along its lane's runs. */
export interface Strip {
  readonly cell: CellId;
  /** The version of the Kata that it was run with: the same cell with another has a strip of its own. */
  readonly kata?: string;
  readonly spells: readonly Spell<NightState>[];
}

/** The same value in so many runs of a lane, one after the other. */
export interface Spell<T> {
  readonly value: T;
  readonly count: number;
}

/**
 * `missing`: planned and never run to its end; `skipped`: the planner had a reason not to run it; `absent`: nobody asked
 * for it in that run, as of a scenario that is not there yet, or no more.
 */
export interface NightState {
  readonly status: Status | 'flaky' | 'missing' | 'absent';
  /** What it said, of a status that is no plain green. */
  readonly red?: RedId;
}

export type RedId = string;

/** What a red said, in brief, and whose fault it was found to be. Of a flaky cell: what its first attempt said. */
export interface Red {
  /** On one line; empty where nothing was said. */
  readonly message: string;
  readonly step?: string;
  /** Of an errored cell. */
  readonly phase?: Phase;
  /** Of a blocked cell: the control that failed. */
  readonly by?: CellId;
  readonly class?: string;
  readonly finding?: BriefFinding;
  /** Ids of the known issues that it is. */
  readonly known?: readonly string[];
}

/** What history is before anything was folded into it. */
export const noChronicle: Chronicle = { runs: [], lanes: [], reds: {} };
