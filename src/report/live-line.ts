import type { Color } from './console-pen.ts';
import { columnsOf, fitted } from './width.ts';

/** A stretch of a line in one colour. Its text has no control characters in it. */
export interface Piece {
  readonly text: string;
  readonly color?: Color | undefined;
}

type Paint = (color: Color, text: string) => string;

/** Pieces one after the other, cut at so many columns; colour takes none. */
export function lineOf(pieces: readonly Piece[], columns: number, paint: Paint): string {
  let left = columns;
  let line = '';
  for (const { text, color } of pieces) {
    const kept = fitted(text, left);
    line += color && kept !== '' ? paint(color, kept) : kept;
    left -= columnsOf(kept);
    if (kept !== text) {
      break;
    }
  }
  return line;
}

/** The same with a last piece at the right edge; that one is left out where there is no room for it. */
export function lineWithEnd(
  pieces: readonly Piece[],
  end: Piece | undefined,
  columns: number,
  paint: Paint,
): string {
  const used = pieces.reduce((sum, { text }) => sum + columnsOf(text), 0);
  const gap = columns - used - columnsOf(end?.text ?? '');
  return end && end.text !== '' && gap >= 1
    ? lineOf([...pieces, { text: ' '.repeat(gap) }, end], columns, paint)
    : lineOf(pieces, columns, paint);
}
