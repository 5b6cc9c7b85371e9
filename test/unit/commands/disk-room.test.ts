import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureFolder } from '../../../src/commands/disk-room.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-room-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** The real `statfs`, on a disk with so much free. */
const diskWith = (freeMiB: number) =>
  (async (path: string) => ({
    ...(await statfs(path)),
    bavail: freeMiB,
    bsize: 2 ** 20,
  })) as unknown as typeof statfs;

it('makes a folder where a few MiB are free', async () => {
  await ensureFolder(join(folder, 'runs', 'n1'), '--out DIR', diskWith(64));

  expect(await readdir(folder)).toEqual(['runs']);
});

it('makes nothing on a disk that is all but full, and says what to do', async () => {
  const made = ensureFolder(join(folder, 'runs', 'n1'), '--out DIR', diskWith(63));

  await expect(made).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 3,
    message: expect.stringMatching(/^cannot write in .*n1: 63 MiB are free, and it takes 64; .*--out DIR$/),
  });
  expect(await readdir(folder)).toEqual([]);
});
