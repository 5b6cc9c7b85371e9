import { appendFile, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Note } from '../../../src/domain/entry.ts';
import { Journal } from '../../../src/journal/journal.ts';
import { parseJournal } from '../../../src/journal/parse.ts';

const now = () => new Date('2026-11-21T22:30:00.000Z');
const note = (ms: number): Note => ({
  type: 'phase-ended',
  batch: 'debian-13/qemu:built',
  phase: 'boot',
  ms,
});

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-journal-'));
  path = join(folder, 'journal.jsonl');
});

afterEach(() => rm(folder, { recursive: true }));

it('has a note on disk when record resolves', async () => {
  await using journal = await Journal.open(path, now);

  await journal.record(note(1));

  expect(await readFile(path, 'utf8')).toBe(
    '{"at":"2026-11-21T22:30:00.000Z","type":"phase-ended","batch":"debian-13/qemu:built","phase":"boot","ms":1}\n',
  );
});

it('keeps the order of notes that are made at once', async () => {
  await using journal = await Journal.open(path, now);

  await Promise.all(Array.from({ length: 200 }, (_, ms) => journal.record(note(ms))));

  expect(parseJournal(await readFile(path, 'utf8'))).toMatchObject(
    Array.from({ length: 200 }, (_, ms) => ({ ms })),
  );
});

it('takes notes that wait for the disk there together', async () => {
  const { openFile, calls } = counting();
  await using journal = await Journal.open(path, now, openFile);

  await Promise.all(Array.from({ length: 50 }, (_, ms) => journal.record(note(ms))));

  expect(calls).toEqual({ appendFile: 1, datasync: 1 });
});

it('cuts off what a crash left half written, and goes on', async () => {
  {
    await using journal = await Journal.open(path, now);
    await journal.record(note(1));
  }
  await appendFile(path, '{"at":"2026-11-21T22:3');

  await using journal = await Journal.open(path, now);
  await journal.record(note(2));

  expect(parseJournal(await readFile(path, 'utf8'))).toMatchObject([{ ms: 1 }, { ms: 2 }]);
});

it('rejects the note that found the disk full, and every later one, and leaves none of them behind', async () => {
  const { openFile } = counting({ fullAfter: 1 });
  await using journal = await Journal.open(path, now, openFile);
  await journal.record(note(1));

  const together = await Promise.allSettled([journal.record(note(2)), journal.record(note(3))]);
  const later = await Promise.allSettled([journal.record(note(4))]);

  expect([...together, ...later]).toEqual(
    Array.from({ length: 3 }, () => ({
      status: 'rejected',
      reason: expect.objectContaining({
        name: 'UserError',
        exitCode: 3,
        message: expect.stringMatching(/^cannot record in .*: the disk is full; free some space/),
      }),
    })),
  );
  expect(parseJournal(await readFile(path, 'utf8'))).toMatchObject([{ ms: 1 }]);
});

it('refuses notes once it is closed', async () => {
  const journal = await Journal.open(path, now);
  await journal[Symbol.asyncDispose]();

  await expect(journal.record(note(1))).rejects.toThrow('the journal is closed');
});

it('says so where it cannot be opened', async () => {
  await expect(Journal.open(join(folder, 'nowhere', 'journal.jsonl'), now)).rejects.toThrow('ENOENT');
});

/** The real `open`, with writes counted, and a disk that is full after so many, half a line late. */
function counting({ fullAfter = Number.POSITIVE_INFINITY } = {}) {
  const calls = { appendFile: 0, datasync: 0 };

  const openFile: typeof open = async (...given) => {
    const file = await open(...given);
    const { appendFile: append, datasync } = file;
    file.appendFile = async (bytes) => {
      calls.appendFile += 1;
      if (calls.appendFile > fullAfter) {
        await append.call(file, String(bytes).slice(0, -5));
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      }
      await append.call(file, bytes);
    };
    file.datasync = async () => {
      calls.datasync += 1;
      await datasync.call(file);
    };
    return file;
  };

  return { openFile, calls };
}
