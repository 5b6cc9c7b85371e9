import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KataSource } from '../../src/domain/kata.ts';
import { UserError } from '../../src/errors.ts';
import { haveKata } from '../../src/install/kata/have-kata.ts';
import { folderOf } from '../../src/install/kata/kata-cache.ts';
import { shimFiles } from '../../src/install/kata/layout-files.ts';
import type { KataOptions } from '../../src/install/kata/options.ts';
import {
  elf,
  type FakeEntry,
  goEntries,
  staticEntries,
  writeArchive,
  writeFolder,
} from '../support/kata-archives.ts';

const never = new AbortController().signal;
const isRoot = process.getuid?.() === 0;

let folder = '';
let told: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kata-'));
  told = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const have = async (source: KataSource, otherwise: Partial<KataOptions> = {}, signal = never) => {
  const cache = join(folder, 'cache');
  const options = { cache, now: () => new Date(), trustFirst: false, offline: false, ...otherwise };
  const had = await haveKata({ source }, options, (line) => told.push(line), signal);
  if (!had) {
    throw new Error(`there is no Kata from ${source}`);
  }
  return had;
};

/** What a source is refused with; it fails where it is taken, or refused in another way than a user can mend. */
const refusal = async (source: KataSource, otherwise: Partial<KataOptions> = {}): Promise<UserError> => {
  const error = await have(source, otherwise).then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
};

const archive = (name: string, entries: readonly FakeEntry[]) => writeArchive(join(folder, name), entries);

/** All that is in the cache but the tree, by name. */
const kept = async (digest: string) => (await readdir(folderOf(join(folder, 'cache'), digest))).sort();

describe('a Kata from archives', () => {
  it.each(['kata.tar', 'kata.tar.gz', 'kata.tar.zst'])('is unpacked from %s', async (name) => {
    const path = await archive(name, staticEntries);

    const { build, layout, tree } = await have(`file:${path}`);

    expect(build).toMatchObject({ version: '4.1.0', trust: 'local', runtimes: ['rust'], replaced: [] });
    expect(layout.pieces.kernel).toBe('/opt/kata/share/kata-containers/vmlinuz.container');
    expect(await readFile(join(tree, 'opt/kata/VERSION'), 'utf8')).toBe('4.1.0\n');
  });

  it('is unpacked by xz where it is packed so, and is the same', async () => {
    await writeFolder(join(folder, 'tree'), staticEntries);
    execFileSync('tar', ['--xz', '-cf', join(folder, 'kata.tar.xz'), '-C', join(folder, 'tree'), '.']);

    const byXz = await have(`file:${join(folder, 'kata.tar.xz')}`);
    const byZst = await have(`file:${await archive('kata.tar.zst', staticEntries)}`);

    expect(byXz.build.digest).toBe(byZst.build.digest);
  });

  it('says how to get xz where it is missing', async () => {
    await writeFolder(join(folder, 'tree'), staticEntries);
    execFileSync('tar', ['--xz', '-cf', join(folder, 'kata.tar.xz'), '-C', join(folder, 'tree'), '.']);
    await mkdir(join(folder, 'bin'));
    for (const tool of ['setpriv', 'flock', 'sh', 'cat']) {
      await symlink(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(folder, 'bin', tool));
    }
    const path = process.env['PATH'];
    process.env['PATH'] = join(folder, 'bin');

    const error = await refusal(`file:${join(folder, 'kata.tar.xz')}`).finally(() => {
      process.env['PATH'] = path;
    });

    expect(error.message).toMatch(/xz is not installed here; install it/);
    expect(error.exitCode).toBe(3);
  });

  it('is put together from a set, in which archives may agree', async () => {
    const one = await archive('static.tar.zst', staticEntries);
    const other = await archive('go.tar.gz', goEntries);

    const { build, layout } = await have(`file:${one},${other}`);

    expect(build.runtimes).toEqual(['rust', 'go']);
    expect(layout.pieces.shim).toBe(`/opt/kata/${shimFiles.rust}`);
    expect(build.pieces).toEqual(expect.arrayContaining(['firecracker', 'kata-runtime', 'dragonball']));
  });

  it('is refused where two of a set have another file by the same name', async () => {
    const one = await archive('static.tar.zst', staticEntries);
    const other = await archive('go.tar.gz', [
      ...goEntries.slice(1),
      { name: 'opt/kata/VERSION', text: '4.0.0\n' },
    ]);

    const { message } = await refusal(`file:${one},${other}`);

    expect(message).toMatch(/go\.tar\.gz.*"opt\/kata\/VERSION" is in two archives, and not the same/);
  });

  it('is not read again while its file has not changed, and not unpacked again under another name', async () => {
    const path = await archive('kata.tar.zst', staticEntries);
    const first = await have(`file:${path}`);
    await archive('copy.tar.zst', staticEntries);
    told = [];

    const second = await have(`file:${path}`);
    const copy = await have(`file:${join(folder, 'copy.tar.zst')}`);

    expect(told).toEqual([]);
    expect([second.build.digest, copy.build.digest]).toEqual([first.build.digest, first.build.digest]);
  });

  it('is unpacked again once something in the cache was written to', async () => {
    const path = await archive('kata.tar.zst', staticEntries);
    const { build, tree } = await have(`file:${path}`);
    const version = join(tree, 'opt/kata/VERSION');
    await writeFile(version, '9.9.9\n');
    const later = new Date(Date.now() + 5000);
    await utimes(version, later, later);

    const again = await have(`file:${path}`);

    expect(again.build).toMatchObject({ digest: build.digest, version: '4.1.0' });
    expect(await readFile(version, 'utf8')).toBe('4.1.0\n');
  });

  it('has plain modes and no owners, whatever the archive says', async () => {
    const odd = { name: 'opt/kata/odd', text: 'x', mode: 0o4, uid: 1234, gid: 4321 };
    const path = await archive('kata.tar', [...staticEntries, odd]);

    const { tree } = await have(`file:${path}`);

    const modes = await Promise.all(
      ['odd', shimFiles.rust, '.'].map(
        async (name) => (await stat(join(tree, 'opt/kata', name))).mode & 0o7777,
      ),
    );
    expect(modes).toEqual([0o644, 0o755, 0o755]);
    expect((await stat(join(tree, 'opt/kata/odd'))).uid).toBe(process.getuid?.());
  });

  it('is made once where two want it at the same time', async () => {
    const path = await archive('kata.tar.zst', staticEntries);

    const both = await Promise.all([have(`file:${path}`), have(`file:${path}`)]);

    expect(told.filter((line) => line.startsWith('unpacking'))).toHaveLength(1);
    expect(both[0].build.digest).toBe(both[1].build.digest);
  });

  it('leaves nothing behind when it is broken off', async () => {
    const path = await archive('kata.tar.zst', staticEntries);
    const stop = new AbortController();
    const having = have(`file:${path}`, {}, stop.signal);
    stop.abort(new Error('enough'));

    await expect(having).rejects.toThrow('enough');

    const left = await readdir(join(folder, 'cache', 'kata'), { recursive: true }).catch(() => []);
    expect(left.filter((name) => !name.startsWith('locks') && name !== 'work' && name !== 'keys')).toEqual(
      [],
    );
  });

  it('clears away what a farm that was killed left', async () => {
    const left = join(folder, 'cache/kata/work/0123');
    await mkdir(join(left, 'tree'), { recursive: true });
    await mkdir(join(folder, 'cache/kata/locks'), { recursive: true });

    await have(`file:${await archive('kata.tar', staticEntries)}`);

    expect(await readdir(join(folder, 'cache/kata/work'))).toEqual([]);
  });

  it('clears away halves of downloads that are a week old', async () => {
    const now = new Date();
    for (const [name, days] of [
      ['0123', 8],
      ['4567', 6],
    ] as const) {
      await mkdir(join(folder, 'cache/kata/downloads', name), { recursive: true });
      const then = new Date(now.getTime() - days * 24 * 60 * 60 * 1000);
      await utimes(join(folder, 'cache/kata/downloads', name), then, then);
    }

    await have(`file:${await archive('kata.tar', staticEntries)}`, { now: () => now });

    expect(await readdir(join(folder, 'cache/kata/downloads'))).toEqual(['4567']);
  });
});

describe('an archive that cannot be used', () => {
  it.each<[string, RegExp]>([
    ['file:/nowhere/kata.tar.zst', /cannot read \/nowhere\/kata\.tar\.zst: there is no such file/],
    ['file:/tmp', /it is a folder; say dir:PATH/],
    ['dir:/nowhere', /cannot read \/nowhere: there is no such file/],
    ['dir:/etc/passwd', /cannot read \/etc\/passwd: it is a file.*say file:PATH/],
    ['dir:/usr/share/doc', /cannot find a Kata in \/usr\/share\/doc: there is neither opt\/kata\/runtime-rs/],
    ['distro', /cannot have Kata from "distro" yet: say upstream:4\.1\.0, file:PATH or dir:PATH/],
  ])('%s is refused with what to do', async (source, words) => {
    const { message, exitCode } = await refusal(source as KataSource);

    expect(message).toMatch(words);
    expect(exitCode).toBe(2);
  });

  it.skipIf(isRoot)('is one that this user may not read', async () => {
    const path = await archive('kata.tar', staticEntries);
    await chmod(path, 0);

    expect((await refusal(`file:${path}`)).message).toMatch(/this user may not/);
  });

  it('has no Kata in it', async () => {
    const path = await archive('tools.tar.zst', [{ name: 'opt/kata/bin/kata-ctl', text: elf() }]);

    expect((await refusal(`file:${path}`)).message).toMatch(
      /cannot find a Kata in .*tools\.tar\.zst: there is neither/,
    );
  });

  it('is none', async () => {
    await writeFile(join(folder, 'kata.tar.zst'), 'hello, I am a text\n'.repeat(100));

    expect((await refusal(`file:${join(folder, 'kata.tar.zst')}`)).message).toMatch(/it is no \.tar\.zst/);
  });

  it.each(['kata.tar', 'kata.tar.gz', 'kata.tar.zst'])('is cut short: %s', async (name) => {
    const path = await archive(name, staticEntries);
    const whole = await readFile(path);
    for (const part of [0.3, 0.6, 0.95]) {
      // At a block's end a tar that lacks its last entries looks as good as whole.
      const length =
        name === 'kata.tar' ? Math.floor((whole.length * part) / 512) * 512 : whole.length * part;
      await writeFile(path, whole.subarray(0, Math.floor(length)));

      const { message, exitCode } = await refusal(`file:${path}`);

      expect(message).toMatch(/damaged or cut short/);
      expect(exitCode).toBe(2);
    }
  });

  it('lacks its last entries, cut off where one begins', async () => {
    const path = await archive('kata.tar', [
      ...staticEntries,
      { name: 'opt/kata/zeros', text: Buffer.alloc(4096) },
    ]);
    const whole = await readFile(path);
    for (const end of [whole.length - 1024, whole.indexOf('opt/kata/zeros')]) {
      await writeFile(path, whole.subarray(0, end));

      expect((await refusal(`file:${path}`)).message).toMatch(
        /damaged or cut short \(it ends before its end mark\)/,
      );
    }
  });

  it('is damaged', async () => {
    const path = await archive('kata.tar', staticEntries);
    const bytes = await readFile(path);
    bytes.fill(0x41, 1536, 1600);
    await writeFile(path, bytes);

    expect((await refusal(`file:${path}`)).message).toMatch(/damaged or cut short/);
  });
});

describe('a Kata from a folder', () => {
  it('is the same as from an archive, whether the folder is that above opt/kata or opt/kata itself', async () => {
    const above = await writeFolder(join(folder, 'tree'), staticEntries);
    const path = await archive('kata.tar', staticEntries);

    const all = [
      await have(`dir:${above}`),
      await have(`dir:${join(above, 'opt')}`),
      await have(`dir:${join(above, 'opt/kata')}`),
      await have(`file:${path}`),
    ];

    expect(new Set(all.map(({ build }) => build.digest)).size).toBe(1);
  });

  it('is copied anew once anything in it has changed, and the first copy stays as it was', async () => {
    const tree = await writeFolder(join(folder, 'tree'), staticEntries);
    const first = await have(`dir:${tree}`);
    await writeFile(join(tree, 'opt/kata/VERSION'), '4.1.1\n');

    const second = await have(`dir:${tree}`);
    const third = await have(`dir:${tree}`);

    expect([first.build.version, second.build.version]).toEqual(['4.1.0', '4.1.1']);
    expect(third.build.digest).toBe(second.build.digest);
    expect(await readFile(join(first.tree, 'opt/kata/VERSION'), 'utf8')).toBe('4.1.0\n');
    expect(await kept(first.build.digest)).toEqual(['manifest', 'record.json', 'tree', 'used']);
    expect(told.filter((line) => line.startsWith('copying'))).toHaveLength(2);
  });

  it('is refused with a link out of it, with a setuid file and with a fifo', async () => {
    const tree = await writeFolder(join(folder, 'tree'), staticEntries);
    const odd = join(tree, 'opt/kata/odd');

    await symlink('/etc/passwd', odd);
    expect((await refusal(`dir:${tree}`)).message).toMatch(
      /opt\/kata\/odd".*a link out of the tree, to "\/etc\/passwd"/,
    );
    await rm(odd);
    await symlink('../../../outside', odd);
    expect((await refusal(`dir:${tree}`)).message).toMatch(/a link out of the tree, or in circles/);
    await rm(odd);
    await writeFile(odd, '');
    await chmod(odd, 0o4755);
    expect((await refusal(`dir:${tree}`)).message).toMatch(/would run as its owner/);
    await rm(odd);
    execFileSync('mkfifo', [odd]);
    expect((await refusal(`dir:${tree}`)).message).toMatch(/neither a file, a folder nor a link/);
  });
});
