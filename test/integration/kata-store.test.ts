import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cargoOf } from '../../src/install/kata/cargo.ts';
import { fromFiles } from '../../src/install/kata/from-files.ts';
import { hadKata } from '../../src/install/kata/had.ts';
import { haveKata } from '../../src/install/kata/have-kata.ts';
import { holdKata, treeWords } from '../../src/install/kata/hold-kata.ts';
import { tryLock } from '../../src/install/kata/host-lock.ts';
import { lockOf, nameOf, sweepWork, workOf } from '../../src/install/kata/kata-cache.ts';
import { kataStore } from '../../src/install/kata/kata-store.ts';
import { replaceIn } from '../../src/install/kata/replace.ts';
import { trim } from '../../src/providers/qemu/trim.ts';
import { elf, goEntries, staticEntries, writeArchive } from '../support/kata-archives.ts';
import { nodeThatSays } from '../support/processes.ts';

const never = new AbortController().signal;
const moment = '2026-01-02T03:04:05.000Z';

let folder = '';
let cache = '';
let archive = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kata-store-'));
  cache = join(folder, 'cache');
  archive = await writeArchive(join(folder, 'kata.tar'), staticEntries);
});

afterEach(() => rm(folder, { recursive: true }));

const options = () => ({ cache, now: () => new Date(moment), trustFirst: false, offline: true });
const tell = () => {};

/** A Kata in the cache that nobody holds. */
const make = (path = archive) => fromFiles(path, `file:${path}`, options(), tell, never);

const list = () => kataStore(cache).list();
const keys = () => readdir(join(cache, 'kata/keys'));

/** Another process that has a Kata, and then does what it is told. */
const another = (then: string) =>
  nodeThatSays(`
    import { haveKata } from 'src/install/kata/have-kata.ts';
    const options = { cache: '${cache}', now: () => new Date(), trustFirst: false, offline: true };
    await haveKata({ source: 'file:${archive}' }, options, () => {}, new AbortController().signal);
    console.log('has it');
    ${then}
  `);

describe('the Katas in a cache', () => {
  it('are none where none was had', async () => {
    expect(await list()).toEqual([]);
  });

  it('are told with their version, source, size and times', async () => {
    const { digest } = await make();
    const used = new Date('2026-01-03T00:00:00.000Z');
    await utimes(join(cache, 'kata', digest, 'used'), used, used);

    const [item, ...others] = await list();

    expect(others).toEqual([]);
    expect(item).toEqual({
      kind: 'kata',
      id: digest,
      title: `4.1.0 (file:${archive})`,
      bytes: expect.any(Number),
      madeAt: moment,
      usedAt: used.toISOString(),
      inUse: false,
    });
    expect(item?.bytes).toBeGreaterThan(20_000);
  });

  it('are named without what a terminal would obey', async () => {
    await make(await writeArchive(join(folder, 'kata\u001b[2J.tar'), staticEntries));

    expect((await list())[0]?.title).toBe(`4.1.0 (file:${folder}/kata[2J.tar)`);
  });

  it('share the files of which one has a piece replaced, and so their size', async () => {
    const { digest } = await make();
    const [{ bytes } = { bytes: 0 }] = await list();
    await writeFile(join(folder, 'shim'), elf('my shim'));
    const had = await hadKata({ source: 'dir:/' }, await make(), cache);

    await replaceIn(had, [{ piece: 'shim', path: join(folder, 'shim') }], options(), tell, never);

    const items = await list();
    expect(items.find(({ id }) => id === digest)?.bytes).toBeLessThan(0.7 * bytes);
    expect(items.reduce((sum, item) => sum + item.bytes, 0)).toBeLessThan(1.4 * bytes);
  });

  it('are the first to go where they are not whole', async () => {
    await mkdir(join(cache, 'kata', 'a'.repeat(64)), { recursive: true });

    expect(await list()).toEqual([
      expect.objectContaining({ title: 'not whole', usedAt: '1970-01-01T00:00:00.000Z' }),
    ]);
  });

  it('leave no lock behind that was not there, for being looked at', async () => {
    const { digest } = await make();

    await list();

    expect(await readdir(join(cache, 'kata/locks'))).not.toContain(`${nameOf(treeWords(digest))}.lock`);
  });
});

describe('a Kata that is removed', () => {
  it('is gone with its cargo and with the keys that led to it, and others stay', async () => {
    const other = await make(await writeArchive(join(folder, 'go.tar'), goEntries));
    const before = (await keys()).length;
    const { digest } = await make();
    await cargoOf(cache, digest, never);

    const [item] = (await list()).filter(({ id }) => id === digest);

    expect(item && (await kataStore(cache).remove(item))).toBe('removed');
    expect((await list()).map(({ id }) => id)).toEqual([other.digest]);
    expect(await keys()).toHaveLength(before);
    expect(await readdir(join(cache, 'kata'))).not.toContain(digest);
    expect(await readdir(join(cache, 'kata/work'))).toEqual([]);
  });

  it('is had anew by who wants it again', async () => {
    const { digest } = await make();
    const [item] = await list();
    await (item && kataStore(cache).remove(item));

    expect((await make()).digest).toBe(digest);
    expect(await list()).toHaveLength(1);
  });

  it('is had anew by who was about to take it', async () => {
    let had = 0;

    const { digest } = await holdKata(cache, tell, never, async () => {
      const key = await make();
      had += 1;
      const [item] = await list();
      if (had === 1 && item) {
        await kataStore(cache).remove(item);
      }
      return key;
    });

    expect(had).toBe(2);
    expect(await list()).toEqual([expect.objectContaining({ id: digest, inUse: true })]);
  });

  it('is swept by the next one where whoever removed it died', async () => {
    const { digest } = await make();
    await mkdir(join(await workOf(cache, treeWords(digest)), 'tree'));

    expect(await sweepWork(cache, new Date(), never)).toEqual([
      join(cache, 'kata/work', nameOf(treeWords(digest))),
    ]);
  });
});

describe('a Kata that a process has', () => {
  it('is in use, and stays, until that one ends', async () => {
    const { child } = await another('setInterval(() => {}, 1_000);');
    const [item] = await list();
    expect(item?.inUse).toBe(true);

    expect(item && (await kataStore(cache).remove(item))).toBe('in use');
    expect(await list()).toHaveLength(1);
    child.kill('SIGKILL');

    await expect.poll(async () => item && (await kataStore(cache).remove(item))).toBe('removed');
  });

  it('does not keep it from ending', async () => {
    const { child } = await another('');

    await expect.poll(() => child.exitCode, { timeout: 10_000 }).toBe(0);
  });

  it('may be had by a second one', async () => {
    const { child } = await another('setInterval(() => {}, 1_000);');

    const had = await haveKata({ source: `file:${archive}` }, options(), tell, never);

    expect(had?.build.version).toBe('4.1.0');
    child.kill('SIGKILL');
    expect((await list())[0]?.inUse).toBe(true);
  });

  it('is waited for while another removes it', async () => {
    const { digest } = await make();
    const removing = await tryLock(await lockOf(cache, treeWords(digest)), never);
    let isHad = false;
    const told: string[] = [];
    const note = (line: string) => void told.push(line);
    const having = haveKata({ source: `file:${archive}` }, options(), note, never).then(() => {
      isHad = true;
    });

    await new Promise((resolve) => setTimeout(resolve, 900));
    const before = isHad;
    await removing?.[Symbol.asyncDispose]();
    await having;

    expect(before).toBe(false);
    expect(told).toEqual(['waiting for another katafarm that is at the same Kata']);
  });
});

describe('a cache over its limit', () => {
  it('loses the Kata that was not used for longest, and none that is in use', async () => {
    const held = await haveKata({ source: `file:${archive}` }, options(), tell, never);
    const old = await make(await writeArchive(join(folder, 'go.tar'), goEntries));

    const removed = await trim([kataStore(cache)], 0);

    expect(removed.map(({ id }) => id)).toEqual([old.digest]);
    expect((await list()).map(({ id }) => id)).toEqual([held?.build.digest]);
  });

  it('keeps all that is within it', async () => {
    await make();

    expect(await trim([kataStore(cache)], 100)).toEqual([]);
  });
});

describe('what was packed of a Kata in another way', () => {
  it('goes when it is packed in the way of today', async () => {
    const { digest } = await make();
    for (const name of ['cargo-6ec6ba08.tar', 'cargo-00000000.tar.gz', 'cargo-00000000.tar.gz.new']) {
      await writeFile(join(cache, 'kata', digest, name), 'of old');
    }

    const cargo = await cargoOf(cache, digest, never);

    const left = (await readdir(join(cache, 'kata', digest))).filter((name) => name.startsWith('cargo-'));
    expect(left.map((name) => join(cache, 'kata', digest, name))).toEqual([cargo]);
    expect((await stat(cargo)).size).toBeGreaterThan(100);
    expect((await readFile(cargo)).subarray(0, 2).toString('hex')).toBe('1f8b');
  });
});
