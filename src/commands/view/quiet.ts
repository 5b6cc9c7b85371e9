import type { CellId } from '../../domain/cell.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { tellsOnce } from './said-once.ts';
import type { Watching } from './watching.ts';

/** Only what went wrong. */
export function quiet(say: (cell: CellId, outcome: Outcome) => void): Watching {
  const isNew = tellsOnce();
  return {
    noted(note) {
      if (note.type !== 'cell-ended') {
        return;
      }
      const { cell, outcome } = note;
      const isBad = outcome.status === 'failed' || outcome.status === 'errored';
      if (isBad && isNew(cell, outcome)) {
        say(cell, outcome);
      }
    },
    began() {},
    said() {},
    heard() {},
    async [Symbol.asyncDispose]() {},
  };
}
