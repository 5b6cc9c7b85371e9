import { chmod, mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { haveImage } from '../../src/providers/qemu/image.ts';
import { throwAway } from '../../src/providers/qemu/image-cache.ts';
import type { ImageStore } from '../../src/providers/qemu/image-maker.ts';
import { Images } from '../../src/providers/qemu/images.ts';
import { type FakeTools, fakeTools } from '../support/fake-tools.ts';
import { type ImageFarms, imageFarms, trixie } from '../support/image-farms.ts';

const never = new AbortController().signal;
const path = process.env['PATH'];

let folder = '';
let tools: FakeTools;
let farms: ImageFarms;
let told: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
  tools = await fakeTools(join(folder, 'bin'));
  process.env['PATH'] = `${tools.folder}:${path}`;
  farms = imageFarms(folder, tools);
  told = [];
});

afterEach(async () => {
  process.env['PATH'] = path;
  await farms[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A farm's way to the image, with what it was told otherwise. */
const have = async (farm: string, otherwise: Partial<ImageStore> = {}) =>
  haveImage({ ...(await farms.storeOf(farm)), ...otherwise }, trixie, (line) => told.push(line), never);

const changed: ImageStore['ask'] = async (index) => index.map(({ url }) => url);

describe('an image in the cache', () => {
  it('is asked about at its archives, by what they said when it was built', async () => {
    const asked: unknown[] = [];
    await have('one');
    await have('two', {
      ask: async (index) => {
        asked.push(...index);
        return [];
      },
    });

    expect(asked).toEqual([
      {
        url: 'http://mirror.example.org/debian/dists/trixie/InRelease',
        lists: ['main/binary-amd64/Packages'],
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  it('is built anew where its package index has changed, and why is said', async () => {
    const old = await have('one');
    await tools.inTheMiddle('echo newer > "$root/boot/vmlinuz-6.13-amd64"');
    const anew = await have('two', { ask: changed });

    expect(anew.digest).not.toBe(old.digest);
    expect(anew.builtAt > old.builtAt).toBe(true);
    expect(told).toContain(
      `debian-13: its package index has changed since ${old.builtAt.slice(0, 16)}Z: http://mirror.example.org/debian/dists/trixie/InRelease`,
    );
    expect((await have('three')).digest).toBe(anew.digest);
    expect((await stat(old.folder)).isDirectory()).toBe(true);
  });

  it('stays as it is, bytes and all, where the newer index makes the same image', async () => {
    const old = await have('one');
    const { ino } = await stat(join(old.folder, 'disk.raw'));
    await tools.inTheMiddle('echo of another time > "$root/boot/initrd.img-6.13-amd64"');

    const anew = await have('two', { ask: changed });

    expect(await tools.calls()).toHaveLength(2);
    expect({ ...anew, builtAt: old.builtAt }).toEqual(old);
    expect((await stat(join(anew.folder, 'disk.raw'))).ino).toBe(ino);
  });

  it('is not taken where the archives cannot be asked, unless --offline says so', async () => {
    const built = await have('one');
    const ask: ImageStore['ask'] = () => Promise.reject(new Error('E: Could not resolve mirror.example.org'));

    await expect(have('two', { ask })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 3,
      message:
        "cannot ask whether debian-13's image is out of date: E: Could not resolve mirror.example.org; say --offline to take it as it is",
    });
    const taken = await have('two', { ask, freshness: 'offline' });

    expect(taken.digest).toBe(built.digest);
    expect(taken.deviations.at(-1)).toMatch(/^taken as it was on 2026-11-21T22:.*--offline/);
    expect((await have('three')).deviations.join()).not.toContain('--offline');
  });

  it('is not built --offline', async () => {
    await expect(have('one', { freshness: 'offline' })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 3,
      message: expect.stringMatching(/^cannot take debian-13's image from the cache: there is none; /),
    });
    expect(await tools.calls()).toEqual([]);
  });

  it('is built anew by --fresh, once a farm', async () => {
    await have('one');
    const images = new Images({ ...(await farms.storeOf('two')), freshness: 'fresh' });

    await images.have(trixie, () => {}, never);
    await images.have(trixie, () => {}, never);

    expect(await tools.calls()).toHaveLength(2);
  });

  it.each(['disk.raw', 'vmlinuz', 'initrd', 'image.json'])(
    'can be written to by nobody: %s',
    async (name) => {
      const { mode } = await stat(join((await have('one')).folder, name));

      expect(mode & 0o777).toBe(0o444);
    },
  );
});

describe('an image that was damaged in the cache', () => {
  /** Other bytes, with nothing else to show for it. */
  const falsify = async (file: string) => {
    const { mtimeMs, size } = await stat(file);
    const then = (Math.floor(mtimeMs) + 0.5) / 1000;
    await chmod(file, 0o644);
    await writeFile(file, 'x'.repeat(size));
    await utimes(file, then, then);
  };

  it.each([
    ['a kernel of other bytes', 'vmlinuz', falsify, 'has other content than it had'],
    ['an initrd of other bytes', 'initrd', falsify, 'has other content than it had'],
    ['a shorter disk', 'disk.raw', (file: string) => truncate(file, 1), 'has 1 bytes, and had 5'],
    ['a disk that was written to', 'disk.raw', (file: string) => utimes(file, 1, 1), 'was written to'],
    ['no disk', 'disk.raw', (file: string) => rm(file), 'is gone'],
  ])('by %s is thrown away, built anew, and that is said', async (_, name, damage, says) => {
    const built = await have('one');
    await chmod(join(built.folder, name), 0o644);
    await damage(join(built.folder, name));
    await farms[Symbol.asyncDispose]();

    const anew = await have('two');

    expect(anew.digest).toBe(built.digest);
    expect(told.join('\n')).toContain(
      `debian-13: its image in the cache is damaged, and thrown away: ${join(built.folder, name)} ${says}`,
    );
    expect(await tools.calls()).toHaveLength(2);
    await have('three');
    expect(await tools.calls()).toHaveLength(2);
  });

  it('in its disk is found out while machines boot from it, and built anew after that', async () => {
    const images = new Images(await farms.storeOf('one'));
    const built = await images.have(trixie, () => {}, never);
    await images.ensureWhole(built, never);
    await falsify(join(built.folder, 'disk.raw'));
    const others = new Images(await farms.storeOf('one'));
    await others.have(trixie, () => {}, never);

    await expect(others.ensureWhole(built, never)).rejects.toThrow(
      `cannot use debian-13's image, which was damaged in the cache and is thrown away: ${join(built.folder, 'disk.raw')}`,
    );
    await others.ensureWhole(await others.have(trixie, () => {}, never), never);

    expect(await tools.calls()).toHaveLength(2);
  });

  it('is not taken from under another farm that uses it', async () => {
    const built = await have('one');
    const { uses, scratch } = await farms.storeOf('two');

    await expect(throwAway(built.folder, uses, scratch, never)).rejects.toThrow(
      /^cannot replace .* another katafarm uses it; end that first$/,
    );

    expect(await readdir(built.folder)).toContain('disk.raw');
  });
});
