import type { CellId } from '../../domain/cell.ts';
import type { Note } from '../../domain/entry.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { oneLine } from '../../domain/text.ts';
import { afterNote } from '../../report/live-change.ts';
import { countsOfRows, type LiveRow, type LiveState, rowOf } from '../../report/live-state.ts';
import { clausesOf, clockOf, guessOf, verdictOf } from '../../report/live-words.ts';
import { runLeft } from '../../report/time-left.ts';
import { WholeLines } from './hearing.ts';
import type { Watching, WatchRequest } from './watching.ts';

/** Phases that take long enough to be announced. */
const long = new Set(['image', 'boot', 'prepare']);

/** A line of progress, and what it is of. */
export interface Told {
  readonly batch?: string | undefined;
  readonly text: string;
}

/** A run as plain lines, each with its time: for logs, and where nobody watches. */
export function lines(
  say: (told: Told) => void,
  now: () => Date,
  start: LiveState,
  request: WatchRequest,
): Watching {
  const { verbose, expected, clock = () => performance.now() } = request;
  const lastTry = new Map<CellId, Outcome>();
  let state = start;
  const stamped = (text: string, batch?: string) =>
    say({ batch, text: `${now().toISOString().slice(11, 19)} ${oneLine(text, 600)}` });
  const whole = new WholeLines((subject, line) => {
    const batch = state.homes.get(subject as CellId) ?? subject;
    say({ batch, text: `${state.peak > 1 ? `${subject} | ` : '| '}${oneLine(line, 1000)}` });
  });

  return {
    noted(note) {
      const before = state;
      state = afterNote(state, note, clock());
      if (note.type === 'attempt-ended') {
        whole.end(note.cell);
        lastTry.set(note.cell, note.outcome);
      }
      const told = textOf(note);
      if (told) {
        stamped(told.text, told.batch ?? (told.cell && state.homes.get(told.cell)));
      }
      const row = note.type === 'cell-ended' ? rowOf(state, note.cell) : undefined;
      if (row?.until !== undefined && before !== state) {
        const left = expected && runLeft(state, clock(), expected);
        stamped(
          `${row.batch}: ${endOf(row)}; ${progressOf(state)}${left ? `, ${guessOf(left)} left` : ''}`,
          row.batch,
        );
      }
    },
    began(batch, phase) {
      if (long.has(phase)) {
        stamped(`${batch}: ${phase}`, batch);
      }
    },
    said: (line, batch) => stamped(batch ? `${batch}: ${withoutRelease(line, batch)}` : line, batch),
    heard(subject, text) {
      if (verbose) {
        whole.hear(subject, text);
      }
    },
    async [Symbol.asyncDispose]() {},
  };

  /** What a note says in a line; undefined where it is not worth one. */
  function textOf(
    note: Note,
  ): { readonly text: string; readonly batch?: string; readonly cell?: CellId } | undefined {
    switch (note.type) {
      case 'run-started':
        return { text: `${planOf(state)}${skippedOf(note.plan.skipped.length)}` };
      case 'phase-ended':
        return note.cell
          ? undefined
          : { batch: note.batch, text: `${note.batch}: ${note.phase} took ${seconds(note.ms)}` };
      case 'cell-started': {
        const before = lastTry.get(note.cell);
        return before && { cell: note.cell, text: `${note.cell}: again, as it ${verdictOf(before)}` };
      }
      case 'cell-ended':
        return {
          cell: note.cell,
          text: `${note.cell}: ${verdictOf(note.outcome)}, ${seconds(note.ms)} (${progressOf(state)})`,
        };
      default:
        return undefined;
    }
  }
}

function planOf({ rows, homes }: LiveState): string {
  const releases = new Set([...rows.values()].map(({ distro }) => distro)).size;
  return `${homes.size} cells of ${releases} release${releases === 1 ? '' : 's'}`;
}

/** Providers name the release that they speak of; here the batch does. */
function withoutRelease(line: string, batch: string): string {
  const release = `${batch.split('/')[0]}: `;
  return line.startsWith(release) ? line.slice(release.length) : line;
}

const skippedOf = (count: number) => (count > 0 ? `, ${count} skipped` : '');

/** `12 of 18 cells`. */
export function progressOf({ rows, homes }: LiveState): string {
  const settled = [...rows.values()].reduce((sum, row) => sum + row.settled.size, 0);
  return `${settled} of ${homes.size} cells`;
}

/** `17 passed, 1 failed in 3:02`. */
export function endOf(row: LiveRow): string {
  const took = clockOf((row.until ?? 0) - (row.since ?? 0));
  return `${clausesOf(countsOfRows([row]))} in ${took}`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
