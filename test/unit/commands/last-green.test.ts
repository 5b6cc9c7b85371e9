import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastGreens } from '../../../src/commands/last-green.ts';
import type { CellId } from '../../../src/domain/cell.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import { entriesLike, failedTwice, passed } from '../domain/run-like.ts';

const cell: CellId = 'debian-13/qemu/kata.uname';
const batch = 'debian-13/qemu:built';
let out: string;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'last-green-'));
});
afterEach(() => rm(out, { recursive: true }));

type Told = Parameters<typeof entriesLike>[0];

/** A run of this day, in which the cell left a transcript that says so. */
async function ran(day: number, story: Partial<Told> = {}, file = `cells/${cell}/1/transcript.txt`) {
  const [id, on] = [`run-${day}`, `2026-11-0${day}`];
  const entries = entriesLike({ id, on, cells: { [cell]: passed }, ...story });
  const left: Entry = { at: `${on}T23:00:00.000Z`, type: 'file', cell, path: file };
  const path = join(out, id, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `said in ${id}`);
  const text = [...entries, left].map((entry) => `${JSON.stringify(entry)}\n`).join('');
  await writeFile(join(out, id, 'journal.jsonl'), text);
  return id;
}

const toldTo = async (run: string) => await lastGreens(out, run)(cell, batch);
const saidTo = async (run: string) => {
  const green = await toldTo(run);
  return green && [green.run, ...green.told.map(({ text }) => text)];
};

it('is what the cell said in the newest earlier run in which it was green', async () => {
  await ran(1);
  await ran(2);
  await ran(3, { cells: { [cell]: failedTwice } });
  const own = await ran(4, { cells: { [cell]: failedTwice } });
  await ran(5);

  expect(await saidTo(own)).toEqual(['run-2', 'said in run-2']);
});

it('is none where no earlier run planned the cell, or planned it and skipped it', async () => {
  await ran(1, { cells: { 'debian-12/qemu/kata.uname': passed } });
  await ran(2, { cells: {}, skipped: { [cell]: 'no Kata' } });

  expect(await toldTo(await ran(3))).toBeUndefined();
});

it.each([
  ['it was only flaky', { cells: { [cell]: [{ status: 'passed', flaky: true }] } }],
  ['the machine was had in another way', { variant: 'qemu:cloud' }],
  ['somebody changed the machines by hand', { modified: ['--prepare mend.sh'] }],
  ['somebody put other packages in', { modified: ['overlay: qemu-system-x86 1:11'] }],
] as const)('is of an older run where %s', async (_, story: Partial<Told>) => {
  await ran(1);
  await ran(2, story);

  expect(await saidTo(await ran(3))).toEqual(['run-1', 'said in run-1']);
});

it('may be of another Kata, and of machines that were changed as these are', async () => {
  await ran(1, { modified: ['--kata file:kata.tar.zst'] });
  expect(await saidTo(await ran(2))).toEqual(['run-1', 'said in run-1']);

  await ran(3, { modified: ['--prepare mend.sh'] });
  expect(await saidTo(await ran(4, { modified: ['--prepare mend.sh'] }))).toEqual(['run-3', 'said in run-3']);
});

it('is read past a journal that is damaged, and past a run whose files are gone', async () => {
  await ran(1);
  await ran(2);
  await rm(join(out, 'run-2', 'cells'), { recursive: true });
  await ran(3);
  const journal = join(out, 'run-3', 'journal.jsonl');
  await writeFile(journal, `${await readFile(journal, 'utf8')}{ cut\n`);

  expect(await saidTo(await ran(4))).toEqual(['run-1', 'said in run-1']);
});

it("reads no file that is not the cell's own", async () => {
  await ran(1, {}, 'cells/debian-13/qemu/other/1/transcript.txt');
  await ran(2, {}, `cells/${cell}/../../../../secret/1/transcript.txt`);

  expect(await saidTo(await ran(3))).toBeUndefined();
});
