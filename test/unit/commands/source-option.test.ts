import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addSource,
  type SourceChoice,
  sourcesAtHand,
  sourceWords,
} from '../../../src/commands/source-option.ts';
import { katafarm } from '../../support/context.ts';

const read = (...words: string[]): SourceChoice =>
  addSource(new Command('run')).exitOverride().parse(words, { from: 'user' }).opts();

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'source-'));
  await writeFile(join(folder, 'qemu-11.0.1.tar.xz'), '');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('--source', () => {
  it('names a tarball for each scenario that builds, and is written as it can be read again', () => {
    const words = ['--source', 'qemu=a/qemu-11.0.1.tar.xz', '--source', 'clh=https://host/clh.tgz'];

    expect(read(...words).source).toEqual({ qemu: 'a/qemu-11.0.1.tar.xz', clh: 'https://host/clh.tgz' });
    expect(sourceWords(read(...words))).toEqual(words);
  });

  it("leaves an address's secrets out of what is written", () => {
    expect(sourceWords(read('--source', 'clh=https://me:secret@host/clh.tgz'))).toEqual([
      '--source',
      'clh=https://host/clh.tgz',
    ]);
  });

  it('has whole paths of files, and addresses as they are', async () => {
    const given = read('--source', 'qemu=qemu-11.0.1.tar.xz', '--source', 'clh=https://host/clh.tgz');

    expect(await sourcesAtHand({ cwd: folder }, given)).toEqual({
      qemu: join(folder, 'qemu-11.0.1.tar.xz'),
      clh: 'https://host/clh.tgz',
    });
  });

  it('is refused where the file is not there', async () => {
    await expect(sourcesAtHand({ cwd: folder }, read('--source', 'qemu=qemu-1.tar.xz'))).rejects.toThrow(
      'cannot use --source qemu=qemu-1.tar.xz: there is no such file; name a tarball',
    );
  });

  it('is refused where it is a folder', async () => {
    await mkdir(join(folder, 'folder.tar'));

    await expect(sourcesAtHand({ cwd: folder }, read('--source', 'qemu=folder.tar'))).rejects.toThrow(
      'cannot use --source qemu=folder.tar: it is a folder; name a tarball',
    );
  });

  it.each([
    ['a name that is meant to be another', 'build.qemu', 'qemuu=a.tar', 'did you mean "qemu"?'],
    ['a name that no scenario of the run takes', 'vmm.*', 'qemu=a.tar', '--scenario build.qemu'],
  ])('is refused for %s', async (_, scenario, word, hint) => {
    const said = await katafarm(['plan', 'debian-13', '--scenario', scenario, '--source', word]);

    expect(said).toMatchObject({ code: 2, out: '', err: expect.stringContaining(hint) });
  });

  it.each([
    ['qemu', /cannot read --source "qemu": say NAME=FILE/],
    ['qemu=/tmp/folder', /its name must be a tarball's/],
    ['qemu=a b.tar.xz', /its name must be a tarball's/],
    ['qemu=$(reboot).tar', /its name must be a tarball's/],
  ])('%s is refused', (word, message) => {
    expect(() => read('--source', word)).toThrow(message);
  });
});
