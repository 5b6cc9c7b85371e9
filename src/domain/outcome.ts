import type { CellId } from './cell.ts';

/** What became of a cell. `failed` is a verdict on what was tested; `errored` is the farm's own trouble. */
export type Outcome = Passed | Failed | Errored | Blocked | Skipped;

export interface Passed {
  readonly status: 'passed';
  /** Red first, green on a second clone: never shown as plain green. */
  readonly flaky?: true;
  /** Departures from a default that it took to pass: the word is at most `degraded`. */
  readonly degraded?: readonly string[];
}

export interface Failed {
  readonly status: 'failed';
  /** The step it happened in, as the scenario names it. */
  readonly step?: string;
  /** The kind of failure, where it is known: `hang`, `qemu-exited`. */
  readonly class?: string;
  readonly message: string;
  /** Output or stack, as much as is worth reading. */
  readonly detail?: string;
}

export interface Errored {
  readonly status: 'errored';
  readonly phase: Phase;
  readonly message: string;
  readonly detail?: string;
}

export interface Blocked {
  readonly status: 'blocked';
  /** The control that failed. */
  readonly by: CellId;
  /** What it said, where it failed on the cell's own machine: it is its first or last step there. */
  readonly message?: string;
}

export interface Skipped {
  readonly status: 'skipped';
  readonly because: string;
}

export type Status = Outcome['status'];

/** The farm's own phases, in the order in which a cell goes through them. */
export type Phase =
  | 'image'
  | 'probe'
  | 'boot'
  | 'prepare'
  | 'freeze'
  | 'clone'
  | 'execute'
  | 'diagnose'
  | 'keep'
  | 'teardown'
  | 'record';
