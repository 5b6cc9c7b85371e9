import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { known } from '../../../src/diagnose/known.ts';
import type { CellId } from '../../../src/domain/cell.ts';
import { caseOf } from '../../../src/run/case-of.ts';
import type { LastGreen } from '../../../src/run/last-green.ts';
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

it('leaves out a denial that stood there as well when the cell was green last, which blames nobody then', async () => {
  const cell: CellId = 'debian-13/qemu/kata.uname';
  const denialAt = (second: number, pid: number) =>
    `[   ${second}.123456] audit: type=1400 audit(17000.${pid}:9): apparmor="DENIED" operation="open" profile="virtiofsd" pid=${pid}\n`;
  const path = `cells/${cell}/1/kernel.txt`;
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), denialAt(71, 812));
  const ledger = new Ledger(new Map(), 'debian-13');
  ledger.note({ type: 'file', cell, path });
  const surroundings = { ledger, distro: distroLike(), speed: 'tcg+svm', image: undefined };
  const classWith = async (green?: LastGreen) => {
    const red = { status: 'failed', message: 'red' } as const;
    return known(await caseOf({ folder, katas: new Map() }, surroundings, cell, red, [], green)).row?.id;
  };

  expect(await classWith()).toBe('apparmor');
  expect(await classWith({ run: 'r1', told: [{ path, text: denialAt(9, 4711) }] })).toBeUndefined();
});
