import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolders } from '../../../src/publish/make-folders.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-folders-'));
});

afterEach(() => rm(folder, { recursive: true }));

it('makes a folder with those above it, and leaves one that is there', async () => {
  await makeFolders(join(folder, 'a/b/c'));
  await makeFolders(join(folder, 'a/b/c'));

  expect((await stat(join(folder, 'a/b/c'))).isDirectory()).toBe(true);
});

it('makes one that several make at once', async () => {
  await Promise.all(Array.from({ length: 20 }, () => makeFolders(join(folder, 'a/b/c'))));

  expect((await stat(join(folder, 'a/b/c'))).isDirectory()).toBe(true);
});

it('ends where nothing can be made', async () => {
  await expect(makeFolders('/proc/katafarm/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
});

it.each(['file', 'file/a/b'])('says that a file is in the way of %s', async (path) => {
  await writeFile(join(folder, 'file'), '');

  await expect(makeFolders(join(folder, path))).rejects.toMatchObject({
    code: expect.stringMatching(/^(EEXIST|ENOTDIR)$/),
  });
});
