import { afterNote } from '../../report/live-change.ts';
import { type LiveState, rowOf } from '../../report/live-state.ts';
import { passedBut } from '../../report/live-words.ts';
import { endOf, lines, progressOf, type Told } from './lines.ts';
import { tellsOnce } from './said-once.ts';
import type { Watching, WatchRequest } from './watching.ts';
import { annotationOf, disarmed, groupBegin, groupEnd } from './workflow-command.ts';

/** As many lines of one batch as are held back until it is settled; transcripts have all of them. */
const most = 5000;
/** How often it is said how far the run is, in milliseconds: a log that stands still looks like a run that does. */
const minute = 60_000;

/**
 * A run in GitHub Actions. Lines of batches at work side by side would tear each other's groups apart: they are held
 * back, and come as one group when their batch is settled. What went wrong is annotated at once.
 */
export function actions(
  print: (text: string) => void,
  now: () => Date,
  start: LiveState,
  request: WatchRequest,
): Watching {
  const { clock = () => performance.now() } = request;
  const isNew = tellsOnce();
  const held = new Map<string, string[]>();
  const lost = new Map<string, number>();
  let state = start;
  let saidAt = clock();

  const inner = lines(hold, now, start, request);

  function hold({ batch, text }: Told): void {
    if (batch === undefined) {
      print(`${disarmed(text)}\n`);
      return;
    }
    const own = held.get(batch) ?? [];
    held.set(batch, own);
    if (own.length < most) {
      own.push(disarmed(text));
    } else {
      lost.set(batch, (lost.get(batch) ?? 0) + 1);
    }
  }
  function release(batch: string, title: string): void {
    const left = lost.get(batch) ?? 0;
    const more = left > 0 ? [`… ${left} more lines are in the transcripts`] : [];
    const own = [...(held.get(batch) ?? []), ...more];
    held.delete(batch);
    lost.delete(batch);
    print([groupBegin(title), ...own, groupEnd, ''].join('\n'));
  }

  return {
    ...inner,
    noted(note) {
      state = afterNote(state, note, clock());
      inner.noted(note);
      if (note.type !== 'cell-ended') {
        return;
      }
      const { cell, outcome } = note;
      const isBad = outcome.status === 'failed' || outcome.status === 'errored';
      if ((isBad && isNew(cell, outcome)) || passedBut(outcome)) {
        print(`${annotationOf(cell, outcome)}\n`);
      }
      if (clock() - saidAt >= minute) {
        saidAt = clock();
        print(`${progressOf(state)}\n`);
      }
      const row = rowOf(state, cell);
      if (row?.until !== undefined) {
        release(row.batch, `${row.batch}: ${endOf(row)} (${progressOf(state)})`);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const batch of [...held.keys()]) {
        release(batch, `${batch}: not at its end`);
      }
    },
  };
}
