import { oneLine } from '../domain/text.ts';
import { lineOf, lineWithEnd, type Piece } from './live-line.ts';
import { countsOfRows, type LiveRow } from './live-state.ts';
import type { Frame } from './live-view.ts';
import { clockOf, shortName, troubleOf } from './live-words.ts';
import { columnsOf, padded } from './width.ts';

/** How wide the columns of all rows are. */
export interface Measures {
  readonly name: number;
  readonly progress: number;
}

/** Below this many columns a row says only how far it is, and what went wrong. */
const narrow = 40;

export function measuresOf(rows: readonly LiveRow[], columns: number): Measures {
  const most = columns < narrow ? Math.max(8, Math.floor(columns / 2) - 1) : 24;
  return {
    name: Math.min(most, Math.max(0, ...rows.map(({ distro }) => columnsOf(distro)))),
    progress: Math.max(0, ...rows.map((row) => progressOf(row).length)),
  };
}

/** One release on one line: how far it is, what went wrong, what it is at, how long that will take. */
export function rowLine(row: LiveRow, measures: Measures, frame: Frame, left: string): string {
  const { columns, paint } = frame;
  const trouble = troublePieces(row);
  if (columns < narrow) {
    const name = padded(row.distro, measures.name);
    return lineOf([{ text: `${name} ${progressOf(row)}` }, ...trouble], columns, paint);
  }

  const color = row.since === undefined ? 'dim' : undefined;
  const head: readonly Piece[] = [
    { text: `  ${padded(row.distro, measures.name)}`, color },
    { text: `  ${padded(stateOf(row), 7)}`, color },
    { text: `  ${progressOf(row).padStart(measures.progress)}`, color },
    ...trouble,
  ];
  const used = head.reduce((sum, { text }) => sum + columnsOf(text), 0);
  const room = columns - used - 2 - (left ? left.length + 2 : 0);
  const activity = room >= 10 ? activityOf(row, frame.at, room) : '';
  const pieces: readonly Piece[] = activity ? [...head, { text: `  ${activity}` }] : head;
  return lineWithEnd(pieces, { text: left, color: 'dim' }, columns, paint);
}

/** The last line that each running cell of a row printed, or the row itself. */
export function outputLines(row: LiveRow, { columns, paint, heard }: Frame): readonly string[] {
  const subjects = [
    ...(row.phase ? [{ subject: row.batch, name: row.phase.name }] : []),
    ...row.running.map(({ cell }) => ({ subject: cell, name: shortName(cell) })),
  ];
  return subjects.flatMap(({ subject, name }) => {
    const text = heard(subject);
    return text
      ? [lineOf([{ text: `    ${name} | ${oneLine(text, 1000)}`, color: 'dim' }], columns, paint)]
      : [];
  });
}

function progressOf({ settled, cells }: LiveRow): string {
  return `${settled.size}/${cells.length}`;
}

function troublePieces(row: LiveRow): readonly Piece[] {
  const trouble = troubleOf(countsOfRows([row]));
  const { failed } = countsOfRows([row]);
  return trouble ? [{ text: '  ' }, { text: trouble, color: failed > 0 ? 'red' : 'yellow' }] : [];
}

/** Its phase in a word. */
function stateOf(row: LiveRow): string {
  if (row.phase) {
    return row.phase.name;
  }
  if (row.since === undefined) {
    return 'waiting';
  }
  return row.running.length > 0 ? 'cells' : 'queued';
}

/** As many running cells as have room, the longest at work first, or else what was said last. */
function activityOf(row: LiveRow, at: number, room: number): string {
  const names = row.running
    .toSorted((one, other) => one.since - other.since)
    .map(
      ({ cell, attempt, since }) => `${shortName(cell)}${attempt > 1 ? ' again' : ''} ${clockOf(at - since)}`,
    );
  for (let count = names.length; count > 0; count--) {
    const rest = names.length - count;
    const text = [...names.slice(0, count), ...(rest > 0 ? [`+${rest}`] : [])].join(', ');
    if (columnsOf(text) <= room || count === 1) {
      return padded(text, Math.min(room, columnsOf(text)));
    }
  }
  const clock = row.phase ? clockOf(at - row.phase.since) : '';
  const said = row.phase ? lastSaid(row) : '';
  return padded([clock, said].filter((part) => part !== '').join('  '), room).trimEnd();
}

/** What was said last, without the release that the row begins with. */
function lastSaid({ distro, said = '' }: LiveRow): string {
  const line = oneLine(said);
  return line.startsWith(`${distro}: `) ? line.slice(distro.length + 2) : line;
}
