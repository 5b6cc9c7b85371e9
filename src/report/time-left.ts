import type { CellId } from '../domain/cell.ts';
import type { Phase } from '../domain/outcome.ts';
import type { BatchId } from '../domain/plan.ts';
import type { LiveRow, LiveState } from './live-state.ts';

/** What is known from earlier runs, in milliseconds. */
export interface Expected {
  readonly cellMs: (id: CellId) => number | undefined;
  readonly phaseMs: (batch: BatchId, phase: Phase) => number | undefined;
}

/** The phases that a batch goes through by itself, one after the other. */
const phases = ['image', 'probe', 'boot', 'freeze'] as const satisfies readonly Phase[];

/** What is left of a row: what goes one by one, what can be shared out, and the longest part of that. */
interface Left {
  readonly serial: number;
  readonly cells: number;
  readonly longest: number;
}

/**
 * How long a row will still take, in milliseconds, if its share of the machines stays as it is; undefined where too
 * little is known.
 */
export function rowLeft(state: LiveState, row: LiveRow, at: number, expected: Expected): number | undefined {
  const left = leftOf(row, at, expected);
  const active = [...state.rows.values()].filter(
    ({ since, until }) => since !== undefined && until === undefined,
  );
  const share = Math.max(1, state.peak / Math.max(1, active.length));
  return left && left.serial + Math.max(left.longest, left.cells / share);
}

/** How long the run will still take: no less than its longest row, no less than its work shared by its machines. */
export function runLeft(state: LiveState, at: number, expected: Expected): number | undefined {
  const open = [...state.rows.values()].filter(({ until }) => until === undefined);
  const left = open.map((row) => leftOf(row, at, expected));
  const known = left.filter((one) => one !== undefined);
  if (known.length === 0 || known.length < left.length) {
    return undefined;
  }
  const work = known.reduce((sum, { serial, cells }) => sum + serial + cells, 0);
  const path = Math.max(...known.map(({ serial, longest }) => serial + longest));
  return Math.max(path, work / Math.max(1, state.peak));
}

/** Undefined where fewer than half of the open cells are known; the others are taken to be like those. */
function leftOf(row: LiveRow, at: number, { cellMs, phaseMs }: Expected): Left | undefined {
  const open = row.cells.filter((cell) => !row.settled.has(cell));
  const since = new Map(row.running.map((one) => [one.cell, one.since]));
  const known = open.flatMap((cell) => {
    const ms = cellMs(cell);
    return ms === undefined ? [] : [Math.max(0, ms - (at - (since.get(cell) ?? at)))];
  });
  if (known.length * 2 < open.length) {
    return undefined;
  }
  const sum = known.reduce((total, ms) => total + ms, 0);
  const cells = known.length > 0 ? (sum / known.length) * open.length : 0;

  // Where the template is there already it is neither booted nor frozen.
  const isReady =
    row.phase === undefined && (row.done.includes('freeze') || row.running.length + row.settled.size > 0);
  const ahead = isReady ? [] : phases.filter((phase) => !row.done.includes(phase));
  const serial = ahead.reduce((total, phase) => {
    const spent = row.phase?.name === phase ? at - row.phase.since : 0;
    return total + Math.max(0, (phaseMs(row.batch, phase) ?? 0) - spent);
  }, 0);
  return { serial, cells, longest: Math.max(0, ...known) };
}
