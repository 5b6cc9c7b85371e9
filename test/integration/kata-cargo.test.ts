import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HadKata } from '../../src/install/had-kata.ts';
import { haveKata } from '../../src/install/kata/have-kata.ts';
import { staticEntries, writeArchive, writeFolder } from '../support/kata-archives.ts';

const never = new AbortController().signal;

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cargo-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const have = async (cache: string, source: `file:${string}` | `dir:${string}`) =>
  (await haveKata(
    { source },
    { cache: join(folder, cache), now: () => new Date(), trustFirst: false, offline: true },
    () => {},
    never,
  )) as HadKata;

describe('the cargo of a Kata', () => {
  it('is the same byte for byte, however the Kata was had', async () => {
    const one = await have('one', `file:${await writeArchive(join(folder, 'kata.tar'), staticEntries)}`);
    const other = await have('other', `dir:${await writeFolder(join(folder, 'tree'), staticEntries)}`);

    const [first, second] = await Promise.all([one.cargo(never), other.cargo(never)]);

    expect((await readFile(first)).equals(await readFile(second))).toBe(true);
    expect(await one.cargo(never)).toBe(first);
  });

  it('holds what stacks use, by root, and leaves out what none can', async () => {
    const had = await have('one', `file:${await writeArchive(join(folder, 'kata.tar'), staticEntries)}`);

    const cargo = await had.cargo(never);
    const list = execFileSync('tar', ['tvf', cargo, '--numeric-owner'], { encoding: 'utf8' });

    expect(list).toMatch(/^-rwxr-xr-x 0\/0 .* opt\/kata\/runtime-rs\/bin\/containerd-shim-kata-v2$/m);
    expect(list).toMatch(/opt\/kata\/share\/kata-containers\/vmlinux\.container -> vmlinux-6\.18\.35-202$/m);
    expect(list).toMatch(/kata-ubuntu-resolute\.image$/m);
    expect(list).not.toMatch(/snp|nvidia|-debug/);
    const there = list.split('\n').map((line) => `/${line.split(' ').at(-1)}`);
    for (const path of [
      ...Object.values(had.layout.pieces),
      ...Object.values(had.layout.configs.rust ?? {}),
    ]) {
      expect(list.includes(`${path.slice(1)} -> `) || there.includes(path)).toBe(true);
    }
  });
});
