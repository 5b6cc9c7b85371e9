import type { CellId } from '../domain/cell.ts';
import type { DistroId } from '../domain/distro.ts';
import type { Outcome, Phase, Status } from '../domain/outcome.ts';
import type { BatchId, Plan } from '../domain/plan.ts';

/** A run that is going on, as whoever watches it sees it. Every time in it is in milliseconds, of one clock. */
export interface LiveState {
  readonly run: string;
  readonly since: number;
  /** A row a batch, in the plan's order. */
  readonly rows: ReadonlyMap<BatchId, LiveRow>;
  /** Which row a cell is in. */
  readonly homes: ReadonlyMap<CellId, BatchId>;
  /** The most machines that were seen at work at once. */
  readonly peak: number;
}

export interface LiveRow {
  readonly batch: BatchId;
  readonly distro: DistroId;
  readonly cells: readonly CellId[];
  readonly settled: ReadonlyMap<CellId, Outcome>;
  readonly running: readonly RunningCell[];
  /** The farm's own phase that is under way. */
  readonly phase?: { readonly name: Phase; readonly since: number } | undefined;
  /** Phases that are over. */
  readonly done: readonly Phase[];
  /** The last line of progress. */
  readonly said?: string;
  /** When anything was first done about it. */
  readonly since?: number;
  /** When its last cell was settled. */
  readonly until?: number;
}

export interface RunningCell {
  readonly cell: CellId;
  readonly attempt: number;
  readonly since: number;
}

/** A run of which nothing has happened yet. */
export function waiting(run: string, plan: Pick<Plan, 'batches'>, since: number): LiveState {
  const rows = plan.batches.map(({ id, distro, cells }): [BatchId, LiveRow] => [
    id,
    { batch: id, distro, cells: cells.map((cell) => cell.id), settled: new Map(), running: [], done: [] },
  ]);
  const homes = rows.flatMap(([id, { cells }]) => cells.map((cell) => [cell, id] as const));
  return { run, since, rows: new Map(rows), homes: new Map(homes), peak: 0 };
}

export type Counts = Readonly<Record<Status, number>>;

/** How many of these rows' cells came out how. */
export function countsOfRows(rows: Iterable<LiveRow>): Counts {
  const counts = { passed: 0, failed: 0, errored: 0, blocked: 0, skipped: 0 };
  for (const row of rows) {
    for (const { status } of row.settled.values()) {
      counts[status] += 1;
    }
  }
  return counts;
}

/** The row that a cell is in; undefined for a cell that is not in this run. */
export function rowOf({ rows, homes }: LiveState, cell: CellId): LiveRow | undefined {
  const batch = homes.get(cell);
  return batch && rows.get(batch);
}
