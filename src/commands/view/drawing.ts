import { stripVTControlCharacters } from 'node:util';
import { createLogUpdate } from 'log-update';
import { columnsOf } from '../../report/width.ts';
import type { Screen } from './screen.ts';

/** Lines at the bottom of a terminal that are drawn over and over, below what stays. */
export interface Drawing {
  /** Puts these lines above for good, and draws the others anew. */
  draw(kept: readonly string[], lines: readonly string[]): void;
  /** Takes away what is drawn. */
  clear(): void;
  /** Leaves what is drawn as it is; the next time it is drawn below. */
  leave(): void;
}

const eraseLineAndGoUp = '\u001b[2K\u001b[1A';

export function drawingOn(screen: Pick<Screen, 'write' | 'columns' | 'rows'>): Drawing {
  const stream = {
    isTTY: true,
    write: screen.write,
    get columns() {
      return screen.columns;
    },
    get rows() {
      return screen.rows;
    },
  };
  const update = createLogUpdate(stream as unknown as NodeJS.WritableStream, { showCursor: true });
  let drawn: readonly string[] = [];
  let width = screen.columns;

  const clear = () => {
    const { columns } = screen;
    if (columns < width) {
      // A terminal that becomes narrower breaks the lines that are there, and so has more of them.
      const more = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(seen(line) / columns)) - 1, 0);
      screen.write(eraseLineAndGoUp.repeat(more));
    }
    update.clear();
    drawn = [];
    width = columns;
  };

  return {
    draw(kept, lines) {
      if (kept.length > 0 || screen.columns !== width) {
        clear();
      }
      if (kept.length > 0) {
        screen.write(`${kept.join('\n')}\n`);
      }
      update(lines.join('\n'));
      drawn = lines;
    },
    clear,
    leave() {
      update.done();
      drawn = [];
    },
  };
}

/** How many columns a line takes that may be coloured. */
function seen(line: string): number {
  return columnsOf(stripVTControlCharacters(line));
}
