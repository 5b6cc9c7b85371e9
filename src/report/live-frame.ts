import { penOf } from './console-pen.ts';
import { lineOf, lineWithEnd, type Piece } from './live-line.ts';
import { measuresOf, outputLines, rowLine } from './live-row.ts';
import { countsOfRows, type LiveRow, type LiveState } from './live-state.ts';
import type { Frame, View } from './live-view.ts';
import { clockOf, guessOf, troubleOf } from './live-words.ts';
import { rowLeft, runLeft } from './time-left.ts';

/** A picture of a run that is going on: never wider than the columns, never higher than the rows. */
export function frameOf(state: LiveState, view: View): readonly string[] {
  const frame: Frame = { ...view, paint: penOf(view.color, 0).paint };
  const all = [...state.rows.values()];
  const open = all
    .filter(({ until }) => until === undefined)
    .toSorted((one, other) => rank(one) - rank(other));
  const over = all.filter(({ until }) => until !== undefined);

  const header = headLine(state, frame);
  const done = over.length > 0 && view.rows > 3 ? [doneLine(over, frame)] : [];
  const keys =
    view.keys !== '' && view.rows > 4
      ? [lineOf([{ text: view.keys, color: 'dim' }], view.columns, frame.paint)]
      : [];
  const room = view.rows - 1 - done.length - keys.length;
  return [header, ...rowLines(state, open, frame, room), ...done, ...keys].slice(0, Math.max(0, view.rows));
}

/** What is at work comes first, then what waits; each in the plan's order. */
function rank({ running, phase, since }: LiveRow): number {
  if (running.length > 0 || phase) {
    return 0;
  }
  return since === undefined ? 2 : 1;
}

function headLine(state: LiveState, { at, columns, paint, expected, ending }: Frame): string {
  const rows = [...state.rows.values()];
  const total = rows.reduce((sum, { cells }) => sum + cells.length, 0);
  const settled = rows.reduce((sum, row) => sum + row.settled.size, 0);
  const counts = countsOfRows(rows);
  const trouble = troubleOf(counts);
  const left = expected && ending === undefined && settled < total ? runLeft(state, at, expected) : undefined;
  const time = clockOf(at - state.since) + (left === undefined ? '' : `, ${guessOf(left)} left`);

  const progress: Piece = { text: `${settled} of ${total} cells`, color: 'bold' };
  const pieces: readonly Piece[] = [
    progress,
    ...(trouble
      ? [{ text: '  ' }, { text: trouble, color: counts.failed > 0 ? 'red' : 'yellow' } as const]
      : []),
    { text: `  ${time}` },
    ...(ending === undefined ? [] : [{ text: `  ${ending}: ending in order`, color: 'yellow' } as const]),
  ];
  return lineWithEnd(pieces, columns < 60 ? undefined : { text: state.run, color: 'dim' }, columns, paint);
}

/** As many rows as have room, and below each what its cells printed, as far as room is left for that. */
function rowLines(state: LiveState, open: readonly LiveRow[], frame: Frame, room: number): readonly string[] {
  const fits = open.length <= room;
  const shown = fits ? open : open.slice(0, Math.max(0, room - 1));
  const measures = measuresOf(shown, frame.columns);
  let spare = room - shown.length;

  const lines = shown.flatMap((row) => {
    const left = frame.expected && row.since !== undefined && rowLeft(state, row, frame.at, frame.expected);
    const output = fits ? outputLines(row, frame).slice(0, Math.max(0, spare)) : [];
    spare -= output.length;
    return [rowLine(row, measures, frame, left ? `${guessOf(left)} left` : ''), ...output];
  });
  const more = {
    text: `${frame.columns < 40 ? '' : '  '}and ${open.length - shown.length} more`,
    color: 'dim',
  } as const;
  return fits ? lines : [...lines, lineOf([more], frame.columns, frame.paint)];
}

/** All that is over, on one line. */
function doneLine(over: readonly LiveRow[], { columns, paint }: Frame): string {
  const words = over.flatMap((row, index): readonly Piece[] => {
    const counts = countsOfRows([row]);
    const trouble = troubleOf(counts);
    const comma = { text: index === 0 ? '' : ', ', color: 'dim' } as const;
    const name = { text: row.distro, color: 'dim' } as const;
    return trouble
      ? [comma, name, { text: ` (${trouble})`, color: counts.failed > 0 ? 'red' : 'yellow' }]
      : [comma, name];
  });
  const indent = columns < 40 ? '' : '  ';
  return lineOf([{ text: `${indent}done: `, color: 'dim' }, ...words], columns, paint);
}
