import { type Entry, JOURNAL_VERSION } from '../domain/entry.ts';
import { UserError } from '../errors.ts';

/**
 * Reads a journal. A last line that a crash cut short is left out. Throws a UserError for any other bad line, by its
 * number, and for a journal of a version that this katafarm doesn't know; `name` is what it calls the journal.
 */
export function parseJournal(text: string, name = 'the journal'): Entry[] {
  const entries = text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => parseLine(line, `${name}:${index + 1}`));

  const [head] = entries;
  if (head?.type === 'run-started' && head.v !== JOURNAL_VERSION) {
    throw new UserError(
      `cannot read ${name}: it was written by a katafarm with journal version ${String(head.v)}, and this one reads version ${JOURNAL_VERSION}; use that katafarm`,
    );
  }
  return entries;
}

function parseLine(line: string, place: string): Entry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new UserError(`cannot read ${place}: the line is not JSON, so the journal is damaged`, { cause });
  }
  if (!isEntry(value)) {
    throw new UserError(`cannot read ${place}: the line is no entry of a journal`);
  }
  return value;
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'at' in value &&
    typeof value.at === 'string'
  );
}
