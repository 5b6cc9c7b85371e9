import type { CellId } from '../domain/cell.ts';
import type { Note } from '../domain/entry.ts';
import type { Phase } from '../domain/outcome.ts';
import type { BatchId } from '../domain/plan.ts';

/** Whoever looks on while a run goes on: told as it happens, and never able to hold it up. */
export interface Watcher {
  /** A note that stands in the journal now. */
  noted(note: Note): void;
  /** A phase of a batch begins; its end is a note. */
  began(batch: BatchId, phase: Phase): void;
  /** A line of progress, of the whole run or of a batch. */
  said(line: string, batch?: BatchId): void;
  /** What a command in a machine printed, as it comes: a cell's, or a machine's that is no cell's. */
  heard(subject: CellId | BatchId, text: string): void;
}
