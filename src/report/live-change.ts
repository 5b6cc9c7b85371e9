import type { CellId } from '../domain/cell.ts';
import type { Note } from '../domain/entry.ts';
import type { Phase } from '../domain/outcome.ts';
import type { BatchId } from '../domain/plan.ts';
import { type LiveRow, type LiveState, type RunningCell, waiting } from './live-state.ts';

/** What a note changes. */
export function afterNote(state: LiveState, note: Note, at: number): LiveState {
  switch (note.type) {
    case 'run-started':
      return waiting(note.run, note.plan, at);
    case 'run-resumed':
      return { ...state, since: at, rows: new Map([...state.rows].map(([id, row]) => [id, reopened(row)])) };
    case 'phase-ended':
      return note.cell ? state : changed(state, note.batch, at, (row) => afterPhase(row, note.phase, at));
    case 'cell-started':
      return ofCell(state, note.cell, at, (row) => ({
        ...row,
        running: [...without(row, note.cell), { cell: note.cell, attempt: note.attempt, since: at }],
      }));
    case 'attempt-ended':
      return ofCell(state, note.cell, at, (row) => ({ ...row, running: without(row, note.cell) }));
    case 'cell-ended':
      return ofCell(state, note.cell, at, (row) => {
        const settled = new Map(row.settled).set(note.cell, note.outcome);
        const isOver = settled.size === row.cells.length;
        return {
          ...row,
          settled,
          running: without(row, note.cell),
          ...(isOver && { until: at, phase: undefined }),
        };
      });
    case 'machine-started':
    case 'fact':
    case 'file':
    case 'experiment-ended':
    case 'finding-made':
    case 'run-ended':
      return state;
    default:
      note satisfies never;
      return state;
  }
}

/** A phase of a batch begins. */
export function afterBegin(state: LiveState, batch: BatchId, name: Phase, at: number): LiveState {
  return changed(state, batch, at, (row) => ({ ...row, phase: { name, since: at } }));
}

/** A line of progress of a batch. */
export function afterLine(state: LiveState, batch: BatchId, said: string, at: number): LiveState {
  return changed(state, batch, at, (row) => ({ ...row, said }));
}

function ofCell(state: LiveState, cell: CellId, at: number, change: (row: LiveRow) => LiveRow): LiveState {
  const batch = state.homes.get(cell);
  return batch ? changed(state, batch, at, change) : state;
}

function changed(state: LiveState, batch: BatchId, at: number, change: (row: LiveRow) => LiveRow): LiveState {
  const row = state.rows.get(batch);
  if (!row) {
    return state;
  }
  const rows = new Map(state.rows).set(batch, change({ since: at, ...row }));
  const busy = [...rows.values()].reduce((sum, one) => sum + one.running.length + (one.phase ? 1 : 0), 0);
  return { ...state, rows, peak: Math.max(state.peak, busy) };
}

function afterPhase(row: LiveRow, phase: Phase, at: number): LiveRow {
  // A row without cells is there for failures of before: it is over when its machines go.
  const isOver = phase === 'teardown' && row.cells.length === 0;
  return {
    ...row,
    ...(isOver && { until: at }),
    done: [...row.done, phase],
    ...(row.phase?.name === phase && { phase: undefined }),
  };
}

/** As `remaining` has it: the farm's own trouble, and what it blocked, settled nothing. */
function reopened({ until: _, phase: _over, ...row }: LiveRow): LiveRow {
  const settled = [...row.settled].filter(([, { status }]) => status !== 'errored' && status !== 'blocked');
  const isOver = row.cells.length > 0 && settled.length === row.cells.length;
  return { ...row, settled: new Map(settled), running: [], done: [], ...(isOver && { until: 0 }) };
}

function without({ running }: LiveRow, cell: CellId): readonly RunningCell[] {
  return running.filter((one) => one.cell !== cell);
}
