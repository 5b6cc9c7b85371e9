import type { Run } from '../domain/run.ts';

/** A file that does not exist yet. */
export interface Artifact {
  /** A plain file name: artifacts have no folders. */
  readonly path: string;
  readonly text: string;
}

/** A run in, files out. No clock, no disk, no environment: whatever a report says, the journal said first. */
export type Report = (run: Run) => readonly Artifact[];
