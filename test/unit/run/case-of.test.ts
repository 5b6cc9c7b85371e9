import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import { caseOf } from '../../../src/run/case-of.ts';
import { Ledger } from '../../../src/run/ledger.ts';
import { distroLike } from '../../support/domain.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'case-of-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function caseLeaving(cell: CellId, ...names: readonly string[]) {
  const ledger = new Ledger(new Map(), 'debian-13');
  const below = `cells/${cell}/${names.length}`;
  await mkdir(join(folder, below), { recursive: true });
  for (const name of names) {
    await writeFile(join(folder, below, name), 'a line\n');
    ledger.note({ type: 'file', cell, path: `${below}/${name}` });
  }
  const surroundings = { ledger, distro: distroLike(), speed: 'tcg+svm', image: undefined };
  return await caseOf(
    { folder, katas: new Map() },
    surroundings,
    cell,
    { status: 'failed', message: 'red' },
    [],
  );
}

it.each([
  ["a container's machine kept no journal", 'debian-13/qemu/kata.uname', ['transcript.txt'], true],
  [
    "a container's machine kept its journal",
    'debian-13/qemu/kata.uname',
    ['transcript.txt', 'journal.txt'],
    undefined,
  ],
  [
    'no container of Kata was there to be heard',
    'debian-13/qemu/vmm.qemu.boot',
    ['transcript.txt'],
    undefined,
  ],
] as const)('says whether Kata could be heard: %s', async (_, cell, names, silent) => {
  expect((await caseLeaving(cell, ...names)).silent).toBe(silent);
});
