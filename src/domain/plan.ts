import type { Cell } from './cell.ts';
import type { DistroId } from './distro.ts';
import type { KataBuild } from './kata.ts';

/** What will be done, decided before anything is started. Plain data: it stands in the journal's first entry. */
export interface Plan {
  readonly batches: readonly Batch[];
  readonly skipped: readonly SkippedCell[];
  /** Those that Kata's cells are run with, by their cells' labels; missing or empty: none is. */
  readonly katas?: readonly KataBuild[];
}

export interface SkippedCell {
  readonly cell: Cell;
  readonly because: string;
}

/** Cells that share a template: one release, had in one way. */
export interface Batch {
  readonly id: BatchId;
  readonly distro: DistroId;
  readonly provider: string;
  readonly variant: Variant;
  /** Of one machine, as the guest sees it. */
  readonly memoryMiB: number;
  readonly cells: readonly PlannedCell[];
  /** Of a run that is gone on with: failures that stand and are still to be looked into, none of which is run again. */
  readonly undiagnosed?: readonly PlannedCell[];
}

export interface PlannedCell extends Cell {
  readonly machine: 'clone' | 'cold';
  /** Cells of this batch that have to be green first. */
  readonly restsOn: readonly Cell['id'][];
}

/** `RELEASE/VARIANT`: two segments, where a cell's id has three. */
export type BatchId = `${DistroId}/${Variant}`;

/** How the machine was had. */
export type Variant = 'qemu:built' | 'qemu:cloud' | 'docker' | 'ssh';
