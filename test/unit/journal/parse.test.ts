import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replay } from '../../../src/domain/run.ts';
import { UserError } from '../../../src/errors.ts';
import { parseJournal } from '../../../src/journal/parse.ts';
import { render } from '../../../src/report/reports.ts';
import { entriesLike, passed } from '../domain/run-like.ts';

const lines = (...entries: readonly unknown[]) =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const story = entriesLike({ cells: { 'debian-13/host/host.kvm': passed } });

it('reads back what was written', () => {
  expect(parseJournal(lines(...story))).toEqual(story);
});

it('leaves out a last line that was cut short', () => {
  expect(parseJournal(`${lines(...story)}{"at":"2026`)).toEqual(story);
  expect(parseJournal('{"at":"2026')).toEqual([]);
});

it.each([
  [
    'a cut line in the middle',
    `${lines(story[0])}{"at":\n${lines(story[1])}`,
    /journal:2: the line is not JSON/,
  ],
  ['an empty line', `${lines(story[0])}\n${lines(story[1])}`, /journal:2: the line is not JSON/],
  ['JSON that is no entry', `${lines(story[0], story[1])}[1]\n`, /journal:3: the line is no entry/],
  ['another version', lines({ ...story[0], v: 2 }), /journal version 2, and this one reads version 1/],
])('names the place of %s', (_, text, message) => {
  expect(() => parseJournal(text)).toThrow(UserError);
  expect(() => parseJournal(text)).toThrow(message);
});

it('tells a story wherever after its first line a journal was torn', async () => {
  const bytes = await readFile(join(import.meta.dirname, '../../golden/four-releases.jsonl'));
  const first = bytes.indexOf('\n') + 1;

  fc.assert(
    fc.property(fc.integer({ min: first, max: bytes.length }), (cut) => {
      const run = replay(parseJournal(bytes.subarray(0, cut).toString()));
      expect(render(run)).toHaveLength(3);
    }),
    { numRuns: 60 },
  );
});
