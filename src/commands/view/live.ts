import { oneLine } from '../../domain/text.ts';
import { type Color, penOf } from '../../report/console-pen.ts';
import { afterBegin, afterLine, afterNote } from '../../report/live-change.ts';
import { frameOf } from '../../report/live-frame.ts';
import { countsOfRows, type LiveState, rowOf } from '../../report/live-state.ts';
import { clausesOf, clockOf, passedBut, verdictOf } from '../../report/live-words.ts';
import { drawingOn } from './drawing.ts';
import { Hearing } from './hearing.ts';
import { tellsOnce } from './said-once.ts';
import type { Screen } from './screen.ts';
import type { Watching, WatchRequest } from './watching.ts';

/** At most ten pictures a second, and one each second for the clocks, in milliseconds. */
const pause = 100;
const tick = 1000;

/** A run on a terminal: what went wrong stays above, its rows are drawn below as they change. */
export function live(
  screen: Screen,
  start: LiveState,
  { expected, verbose, signal, clock = () => performance.now() }: WatchRequest,
): Watching {
  const { paint } = penOf(screen.color, 0);
  const drawing = drawingOn(screen);
  const hearing = new Hearing();
  const isNew = tellsOnce();
  let state = start;
  let kept: string[] = [];
  let showsOutput = verbose;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let next: NodeJS.Timeout | undefined;

  const draw = () => {
    clearTimeout(next);
    next = undefined;
    if (screen.busy) {
      soon();
      return;
    }
    drawnAt = clock();
    if (!screen.attend()) {
      drawing.leave();
      return;
    }
    const ending = signal.aborted ? reasonOf(signal) : undefined;
    const lines = frameOf(state, {
      at: drawnAt,
      // A line that fills the last column would lose its end when what is behind it is erased.
      columns: Math.max(1, screen.columns - 1),
      rows: Math.max(1, screen.rows - 1),
      color: screen.color,
      expected,
      heard: (subject) => (showsOutput ? hearing.lastOf(subject) : undefined),
      keys: screen.hasKeys ? `o ${showsOutput ? 'hide' : 'show'} last output   Ctrl-C end the run` : '',
      ending,
    });
    drawing.draw(kept, lines);
    kept = [];
  };
  const soon = () => {
    next ??= setTimeout(draw, Math.max(0, drawnAt + pause - clock(), screen.busy ? pause : 0));
  };
  const keep = (text: string, color?: Color) => {
    const line = oneLine(text, 1000);
    kept.push(color ? paint(color, line) : line);
    soon();
  };
  const ticking = setInterval(soon, tick);
  screen.onResize = soon;
  screen.onContinue = () => {
    drawing.leave();
    soon();
  };
  screen.onKey = (key) => {
    if (key === 'o') {
      showsOutput = !showsOutput;
      soon();
    }
  };
  signal.addEventListener('abort', soon);

  return {
    noted(note) {
      state = afterNote(state, note, clock());
      if (note.type === 'attempt-ended') {
        hearing.forget(note.cell);
      }
      if (note.type === 'cell-ended') {
        const { cell, outcome } = note;
        const isRed = outcome.status === 'failed';
        const isBad = isRed || outcome.status === 'errored';
        if ((isBad && isNew(cell, outcome)) || passedBut(outcome)) {
          keep(`${cell}: ${verdictOf(outcome)}`, isRed ? 'red' : 'yellow');
        }
        const row = rowOf(state, cell);
        if (row?.until !== undefined) {
          const took = clockOf(row.until - (row.since ?? row.until));
          keep(`${row.distro}: ${clausesOf(countsOfRows([row]))} in ${took}`);
        }
      }
      soon();
    },
    began(batch, phase) {
      state = afterBegin(state, batch, phase, clock());
      soon();
    },
    said(line, batch) {
      if (batch === undefined) {
        keep(line, 'dim');
        return;
      }
      state = afterLine(state, batch, line, clock());
      soon();
    },
    heard(subject, text) {
      hearing.hear(subject, text);
      if (showsOutput) {
        soon();
      }
    },
    async [Symbol.asyncDispose]() {
      clearInterval(ticking);
      clearTimeout(next);
      signal.removeEventListener('abort', soon);
      if (screen.attend()) {
        drawing.clear();
      }
      screen.write(kept.map((line) => `${line}\n`).join(''));
      await screen[Symbol.asyncDispose]();
    },
  };
}

/** A signal's name, or `--timeout`. */
function reasonOf({ reason }: AbortSignal): string {
  return typeof reason === 'string' ? reason : '--timeout';
}
