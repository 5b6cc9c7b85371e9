import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { haveKata } from '../../src/install/kata/have-kata.ts';
import { treeLimits } from '../../src/install/kata/tree-writer.ts';
import { type FakeEntry, staticEntries, writeArchive } from '../support/kata-archives.ts';

const never = new AbortController().signal;

/** Here is everything that a test may write to, and beside it what must stay as it is. */
let folder = '';
const canary = 'nobody has touched this\n';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  await mkdir(join(folder, 'outside/opt/kata'), { recursive: true });
  await writeFile(join(folder, 'outside/canary'), canary);
  await writeFile(join(folder, 'cache-canary'), canary);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const options = () => ({
  cache: join(folder, 'cache'),
  now: () => new Date(),
  trustFirst: true,
  offline: false,
  limits: treeLimits,
});

async function refusalOf(path: string, limits = treeLimits, exitCode = 2): Promise<string> {
  const error: unknown = await haveKata(
    { source: `file:${path}` },
    { ...options(), limits },
    () => {},
    never,
  ).then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).exitCode).toBe(exitCode);
  return (error as UserError).message;
}

/** Nothing was written but locks, which are empty: no tree, nothing half unpacked, and nothing outside. */
async function expectNothingWritten(): Promise<void> {
  expect(await readFile(join(folder, 'outside/canary'), 'utf8')).toBe(canary);
  expect(await readFile(join(folder, 'cache-canary'), 'utf8')).toBe(canary);
  expect((await readdir(join(folder, 'outside'), { recursive: true })).sort()).toEqual([
    'canary',
    'opt',
    'opt/kata',
  ]);
  const left = await readdir(join(folder, 'cache/kata'), { recursive: true });
  expect(left.filter((name) => !/^(work|keys|locks(\/[0-9a-f]{64}\.lock)?)$/.test(name))).toEqual([]);
}

/** The path out of the place where a tree is made, to the canary. */
const out = '../../../../../outside';

const hostile: readonly (readonly [string, readonly FakeEntry[], RegExp])[] = [
  ['an absolute path', [{ name: '/tmp/evil', text: 'x' }], /"\/tmp\/evil" has an absolute path/],
  ['".." in a path', [{ name: `opt/kata/${out}/canary`, text: 'x' }], /has "\.\." in its path/],
  [
    'a path beside Kata',
    [{ name: 'etc/cron.d/evil', text: 'x' }],
    /"etc\/cron\.d\/evil" is not below opt\/kata/,
  ],
  [
    'a device',
    [{ name: 'opt/kata/sda', type: 'block-device', devmajor: 8 }],
    /"opt\/kata\/sda" is a block-device/,
  ],
  ['a character device', [{ name: 'opt/kata/mem', type: 'character-device' }], /is a character-device/],
  ['a fifo', [{ name: 'opt/kata/fifo', type: 'fifo' }], /is a fifo/],
  [
    'a link to an absolute path',
    [{ name: 'opt/kata/bin/x', type: 'symlink', linkname: '/etc/passwd' }],
    /"opt\/kata\/bin\/x" is a link out of the tree, to "\/etc\/passwd"/,
  ],
  [
    'a link out of the tree',
    [{ name: 'opt/kata/x', type: 'symlink', linkname: `../${out}` }],
    /"opt\/kata\/x" is a link out of the tree/,
  ],
  [
    'a link out of the tree by way of another',
    [
      { name: 'opt/kata/a/b/c/up', type: 'symlink', linkname: '/opt/kata' },
      { name: 'opt/kata/x', type: 'symlink', linkname: 'a/b/c/up/../../../../etc/passwd' },
    ],
    /"opt\/kata\/x" is a link out of the tree/,
  ],
  [
    'links in circles',
    [
      { name: 'opt/kata/x', type: 'symlink', linkname: 'y' },
      { name: 'opt/kata/y', type: 'symlink', linkname: 'x' },
    ],
    /"opt\/kata\/x" is a link out of the tree, or in circles/,
  ],
  [
    'a file behind a link',
    [
      { name: 'opt/kata/x', type: 'symlink', linkname: 'share' },
      { name: 'opt/kata/x/canary', text: 'x' },
    ],
    /"opt\/kata\/x\/canary" is a folder where there is a link, or lies behind it/,
  ],
  [
    'a hard link out of the tree',
    [{ name: 'opt/kata/x', type: 'link', linkname: '/etc/passwd' }],
    /is a hard link whose target has an absolute path/,
  ],
  [
    'a hard link to what is not there',
    [{ name: 'opt/kata/x', type: 'link', linkname: 'opt/kata/nowhere' }],
    /is a hard link to what is not in the tree/,
  ],
  [
    'a line feed in a name',
    [{ name: 'opt/kata/a\nb', text: 'x' }],
    /"opt\/kata\/a\\nb" has a control character/,
  ],
  [
    'an escape in a name',
    [{ name: 'opt/kata/\u001b[2J', text: 'x' }],
    /"opt\/kata\/\\u001b\[2J" has a control/,
  ],
  [
    'a NUL in a name',
    [{ name: 'opt/kata/a', text: 'x', pax: { path: 'opt/kata/a\u0000b' } }],
    /has a control character/,
  ],
  [
    'the same file twice',
    [{ name: 'opt/kata/VERSION', text: '4.1.0\n' }],
    /"opt\/kata\/VERSION" is there twice/,
  ],
  [
    'a folder where a file is',
    [{ name: 'opt/kata/VERSION/', type: 'directory' }],
    /is a folder where there is a file/,
  ],
  ['a setuid file', [{ name: 'opt/kata/bin/su', text: 'x', mode: 0o4755 }], /would run as its owner/],
  [
    'a sparse file',
    [{ name: 'opt/kata/hole', text: 'x', pax: { 'GNU.sparse.major': '1', 'GNU.sparse.name': 'x' } }],
    /is a sparse file/,
  ],
  [
    'a name that is far too long',
    [{ name: `opt/kata/${'n'.repeat(300)}`, text: 'x' }],
    /has a name that is too long/,
  ],
];

describe('a hostile archive', () => {
  it.each(hostile)('is refused for %s', async (_, entries, reason) => {
    const path = await writeArchive(join(folder, 'kata.tar'), [...staticEntries, ...entries]);

    const message = await refusalOf(path);

    expect(message).toMatch(reason);
    expect(message).toContain(path);
    await expectNothingWritten();
  });

  it('is refused for a name that is not UTF-8', async () => {
    const path = await writeArchive(join(folder, 'kata.tar'), [...staticEntries, { name: 'opt/kata/QQ' }]);
    const bytes = await readFile(path);
    const at = bytes.indexOf('opt/kata/QQ');
    bytes.fill(0xff, at + 9, at + 11);
    const sum = Number.parseInt(bytes.toString('latin1', at + 148, at + 154), 8) + 2 * (0xff - 0x51);
    bytes.write(sum.toString(8).padStart(6, '0'), at + 148, 'latin1');
    await writeFile(path, bytes);

    expect(await refusalOf(path)).toMatch(/"opt\/kata\/\\ufffd\\ufffd" has a name that is not UTF-8/);
    await expectNothingWritten();
  });

  it('is refused for a kind of entry that only GNU tar knows', async () => {
    const path = await writeArchive(join(folder, 'kata.tar'), [...staticEntries, { name: 'opt/kata/QQ' }]);
    const bytes = await readFile(path);
    const at = bytes.indexOf('opt/kata/QQ');
    bytes.write('S', at + 156);
    const sum = Number.parseInt(bytes.toString('latin1', at + 148, at + 154), 8) + 0x53 - 0x30;
    bytes.write(sum.toString(8).padStart(6, '0'), at + 148, 'latin1');
    await writeFile(path, bytes);

    expect(await refusalOf(path)).toMatch(/"opt\/kata\/QQ" is a kind of entry that is not known here/);
    await expectNothingWritten();
  });

  it('is refused for more entries than a release has', async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ name: `opt/kata/many/${index}` }));
    const path = await writeArchive(join(folder, 'kata.tar'), [...staticEntries, ...many]);

    expect(await refusalOf(path, { ...treeLimits, entries: 100 })).toMatch(
      /"opt\/kata\/many\/\d+" is one of more than 100/,
    );
    await expectNothingWritten();
  });

  it('is refused for more bytes than a release has', async () => {
    const path = await writeArchive(join(folder, 'kata.tar'), staticEntries);

    expect(await refusalOf(path, { ...treeLimits, bytes: 10_000 })).toMatch(
      /brings what is unpacked to more than/,
    );
    await expectNothingWritten();
  });

  it('is refused before the disk is full, which is no fault of its own', async () => {
    const large = { name: 'opt/kata/large', text: Buffer.alloc(2 ** 21) };
    const path = await writeArchive(join(folder, 'kata.tar'), [...staticEntries, large]);

    const limits = { ...treeLimits, spareBytes: Number.MAX_SAFE_INTEGER / 2 };
    const message = await refusalOf(path, limits, 3);

    expect(message).toMatch(
      /cannot unpack "opt\/kata\/large": \d+ MiB have to be free in .*, and \d+ MiB are/,
    );
    await expectNothingWritten();
  });
});

describe('a decompression bomb', () => {
  const chunk = 2 ** 26;

  /** A tar of one header and ten gigabytes of zeros, of which nobody ever has more than 64 MiB. */
  async function bomb(header: Header): Promise<string> {
    const path = join(folder, 'bomb.tar.zst');
    const head = pack();
    head.entry(header);
    const [first] = (await once(head, 'data')) as [Buffer];
    const zeros = zstdCompressSync(Buffer.alloc(chunk));
    const frames = Array.from({ length: (10 * 2 ** 30) / chunk }, () => zeros);
    await writeFile(path, Buffer.concat([zstdCompressSync(first), ...frames]));
    expect((await stat(path)).size).toBeLessThan(2 ** 20);
    return path;
  }

  it('of 10 GiB is stopped before anything of it is written', async () => {
    const path = await bomb({ name: 'opt/kata/bomb', size: 10 * 2 ** 30 } as Header);

    expect(await refusalOf(path)).toMatch(
      /"opt\/kata\/bomb" brings what is unpacked to 100 times the archive/,
    );
    await expectNothingWritten();
  });

  it('is stopped as well where its bytes belong to no file', async () => {
    const path = await bomb({ name: 'opt/kata/empty', size: 0 } as Header);

    expect(await refusalOf(path)).toMatch(/it unpacks to more than 100 times its size, as a bomb would/);
    await expectNothingWritten();
  });
});
