import { lstat, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { HadKata } from '../../src/install/had-kata.ts';
import { haveKata } from '../../src/install/kata/have-kata.ts';
import { pieceFiles, shimFiles } from '../../src/install/kata/layout-files.ts';
import { replaceIn } from '../../src/install/kata/replace.ts';
import type { Replacement } from '../../src/install/kata/replacement.ts';
import {
  bzImage,
  elf,
  type FakeEntry,
  goEntries,
  staticEntries,
  vmlinux,
  writeArchive,
} from '../support/kata-archives.ts';

const never = new AbortController().signal;

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replace-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const options = () => ({
  cache: join(folder, 'cache'),
  now: () => new Date(),
  trustFirst: false,
  offline: true,
});

async function have(entries: readonly FakeEntry[] = staticEntries): Promise<HadKata> {
  const path = await writeArchive(join(folder, 'kata.tar'), entries);
  return (await haveKata({ label: 'mine', source: `file:${path}` }, options(), () => {}, never)) as HadKata;
}

async function put(piece: Replacement['piece'], bytes: Buffer): Promise<Replacement> {
  await writeFile(join(folder, piece), bytes);
  return { piece, path: join(folder, piece) };
}

const replace = (had: HadKata, replacements: readonly Replacement[]) =>
  replaceIn(had, replacements, options(), () => {}, never);

const read = ({ tree }: HadKata, file: string) => readFile(join(tree, 'opt/kata', file));

describe('a Kata with pieces of the user’s own', () => {
  it('has them in place of its own, under another digest, and says so', async () => {
    const had = await have();
    const shim = await put('shim', elf('my shim'));
    const virtiofsd = await put('virtiofsd', elf('my virtiofsd'));

    const replaced = await replace(had, [shim, virtiofsd]);

    expect((await read(replaced, shimFiles.rust)).equals(elf('my shim'))).toBe(true);
    expect((await read(replaced, pieceFiles.virtiofsd)).equals(elf('my virtiofsd'))).toBe(true);
    expect((await stat(join(replaced.tree, 'opt/kata', shimFiles.rust))).mode & 0o777).toBe(0o755);
    expect(replaced.build).toMatchObject({
      label: 'mine',
      version: '4.1.0',
      replaced: [`shim=${shim.path}`, `virtiofsd=${virtiofsd.path}`],
    });
    expect(replaced.build.digest).not.toBe(had.build.digest);
  });

  it('leaves the first one as it was, and shares with it what is the same', async () => {
    const had = await have();

    const replaced = await replace(had, [await put('shim', elf('my shim'))]);

    expect((await read(had, shimFiles.rust)).equals(elf('rust'))).toBe(true);
    const [one, other] = await Promise.all(
      [had, replaced].map(({ tree }) => stat(join(tree, 'opt/kata', pieceFiles.qemu))),
    );
    expect(one?.ino).toBe(other?.ino);
    const again = await have();
    expect(again.build.digest).toBe(had.build.digest);
  });

  it('is made once', async () => {
    const had = await have();
    const shim = await put('shim', elf('my shim'));
    const first = await replace(had, [shim]);
    const { mtimeMs } = await stat(join(first.tree, 'opt'));

    const second = await replace(had, [shim]);

    expect(second.build.digest).toBe(first.build.digest);
    expect((await stat(join(second.tree, 'opt'))).mtimeMs).toBe(mtimeMs);
  });

  it('replaces the Go shim where there is no other', async () => {
    const replaced = await replace(await have(goEntries), [await put('shim', elf('my shim'))]);

    expect((await read(replaced, shimFiles.go)).equals(elf('my shim'))).toBe(true);
  });

  it.each([
    ['a bzImage', bzImage('mine'), undefined],
    ['a vmlinux', vmlinux, '/opt/kata/share/kata-containers/vmlinux.container'],
  ])('boots %s by either name', async (_, kernel, left) => {
    const replaced = await replace(await have(), [await put('kernel', kernel)]);

    for (const name of [pieceFiles.kernel, pieceFiles.vmlinux]) {
      expect((await read(replaced, name)).equals(kernel)).toBe(true);
    }
    expect(replaced.layout.pieces.vmlinux).toBe(left);
    expect(replaced.build.pieces.includes('vmlinux')).toBe(left !== undefined);
  });

  it('has an agent behind its initrd, and no image that would have another', async () => {
    const agent = elf('my agent');

    const replaced = await replace(await have(), [await put('agent', agent)]);

    const initrd = await read(replaced, pieceFiles.initrd);
    expect(initrd.toString('latin1', 0, 6)).toBe('initrd');
    const archive = gunzipSync(initrd.subarray(6));
    expect(archive.includes(agent)).toBe(true);
    expect(archive.includes('sbin/init\0')).toBe(true);
    expect(replaced.build.pieces).not.toContain('image');
    expect(await readlink(join(replaced.tree, 'opt/kata', pieceFiles.initrd))).toMatch(/initrd-replaced/);
    expect((await lstat(join(replaced.tree, 'opt/kata', pieceFiles.image))).isSymbolicLink()).toBe(true);
  });

  it.each<[Replacement['piece'], Buffer, RegExp]>([
    ['shim', Buffer.from('#!/bin/sh\n'), /the file is neither an ELF program nor a kernel; give a program/],
    ['virtiofsd', Buffer.alloc(0), /the file is empty/],
    ['agent', elf('', { machine: 183 }), /the file is for arm64, and machines are amd64/],
    ['shim', elf('', { type: 1 }), /is an object file or a core dump/],
    ['shim', vmlinux, /is a kernel and no program/],
    ['kernel', elf('ls'), /is a program and no kernel; give a bzImage or vmlinux/],
  ])('cannot have this as its %s: %s', async (piece, bytes, reason) => {
    const error: unknown = await replace(await have(), [await put(piece, bytes)]).catch((thrown) => thrown);

    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(reason);
    expect((error as UserError).exitCode).toBe(2);
  });

  it('cannot have a file that is not there, nor an agent without an initrd', async () => {
    const had = await have(goEntries);

    await expect(replace(had, [{ piece: 'shim', path: '/nowhere/shim' }])).rejects.toThrow(
      /cannot read \/nowhere\/shim: there is no such file/,
    );
    await expect(replace(had, [await put('agent', elf())])).rejects.toThrow(/this Kata has no initrd/);
  });
});
