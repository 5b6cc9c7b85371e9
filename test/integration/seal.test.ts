import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOfDisk } from '../../src/providers/qemu/seal.ts';

const never = new AbortController().signal;
const mib = 2 ** 20;

let folder = '';
let disk = '';

/** 64 MiB with something in three places, one of them across the border of two blocks. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seal-'));
  disk = join(folder, 'disk.raw');
  await put(disk, 0, 'superblock');
  await put(disk, 8 * mib - 4, 'across');
  await put(disk, 64 * mib - 3, 'end');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string, position: number, text: string): Promise<void> {
  await using file = await open(path, position === 0 && path === disk ? 'w' : 'r+');
  await file.write(text, position);
}

/** With its holes where this says. */
const copyOf = (name: string, sparse: 'always' | 'never') => {
  execFileSync('cp', [`--sparse=${sparse}`, disk, join(folder, name)]);
  return join(folder, name);
};

describe("the digest of a disk's content", () => {
  it('is the same for a copy whose holes are written out', async () => {
    const full = copyOf('full', 'never');
    const sparse = copyOf('sparse', 'always');

    expect((await stat(full)).blocks).toBeGreaterThan((await stat(sparse)).blocks);
    expect(await digestOfDisk(full, never)).toBe(await digestOfDisk(sparse, never));
  });

  it.each([
    ['in a place that had something', 8 * mib],
    ['in a hole', 32 * mib + 1],
    ['at the end', 64 * mib - 1],
  ])('changes with a byte %s', async (_, position) => {
    const other = copyOf('other', 'always');
    await put(other, position, 'x');

    expect(await digestOfDisk(other, never)).not.toBe(await digestOfDisk(disk, never));
  });

  it('changes where the same is in another place', async () => {
    const other = copyOf('other', 'always');
    await put(other, 8 * mib - 4, '\0\0\0\0\0\0');
    await put(other, 12 * mib - 4, 'across');

    expect(await digestOfDisk(other, never)).not.toBe(await digestOfDisk(disk, never));
  });
});
