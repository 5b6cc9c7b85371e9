import type { Note } from '../../domain/entry.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { oneLine } from '../../domain/text.ts';
import type { Watcher } from '../../run/watcher.ts';

/** Progress as plain lines, each with its time: for logs, and where nobody watches. */
export function lines(err: (text: string) => void, now: () => Date, verbose: boolean): Watcher {
  const say = (text: string) => err(`${now().toISOString().slice(11, 19)} ${oneLine(text, 400)}\n`);
  return {
    noted(note) {
      const text = textOf(note);
      if (text) {
        say(text);
      }
    },
    began() {},
    said: (line, batch) => say(batch ? `${batch}: ${line}` : line),
    heard(_subject, text) {
      if (verbose) {
        err(text);
      }
    },
  };
}

function textOf(note: Note): string | undefined {
  if (note.type === 'phase-ended' && !note.cell) {
    return `${note.batch}: ${note.phase} took ${(note.ms / 1000).toFixed(1)} s`;
  }
  if (note.type === 'cell-ended') {
    return `${note.cell}: ${sentence(note.outcome)}, ${(note.ms / 1000).toFixed(1)} s`;
  }
  return undefined;
}

function sentence(outcome: Outcome): string {
  switch (outcome.status) {
    case 'passed':
      return outcome.flaky ? 'passed at the second try (flaky)' : 'passed';
    case 'failed':
    case 'errored':
      return `${outcome.status}: ${outcome.message}`;
    case 'blocked':
      return `blocked by ${outcome.by}`;
    case 'skipped':
      return `skipped: ${outcome.because}`;
    default:
      return outcome satisfies never;
  }
}
