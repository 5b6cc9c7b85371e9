import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kataStore } from '../../src/install/kata/kata-store.ts';
import type { Stored } from '../../src/machine/store.ts';
import { openKit } from '../../src/providers/qemu/kit.ts';
import { qemuStore } from '../../src/providers/qemu/store.ts';
import { trim } from '../../src/providers/qemu/trim.ts';
import { type FakeTools, fakeTools } from '../support/fake-tools.ts';
import { type ImageFarms, imageFarms, trixie } from '../support/image-farms.ts';
import { nodeThatSays } from '../support/processes.ts';
import { bootRequest, templateFarm } from '../support/template-farms.ts';

const path = process.env['PATH'];
const never = new AbortController().signal;

let folder = '';
let cache = '';
let tools: FakeTools;
let farms: ImageFarms;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
  cache = join(folder, 'cache');
  tools = await fakeTools(join(folder, 'bin'));
  process.env['PATH'] = `${tools.folder}:${path}`;
  farms = imageFarms(folder, tools);
});

afterEach(async () => {
  process.env['PATH'] = path;
  await farms[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const list = () => qemuStore(cache).list();
const short = (all: readonly Stored[]) => all.map(({ kind, title, inUse }) => `${kind} ${title} ${inUse}`);
const the = async (kind: Stored['kind']) => {
  const found = (await list()).find((stored) => stored.kind === kind);
  if (!found) {
    throw new Error(`no ${kind} is stored`);
  }
  return found;
};

/** A farm that made an image and a template, and is still there. */
async function working() {
  const { templates, image, freeze } = await templateFarm(await farms.storeOf('one'));
  await templates.put(image, bootRequest, await freeze(), () => {});
  return image;
}

describe('what is stored', () => {
  it('is listed with what it is of, when it was made and used, and what it takes', async () => {
    const image = await working();

    const [first, second] = await list();

    expect(first).toMatchObject({ kind: 'image', id: image.digest, distro: 'debian-13', title: '' });
    expect(first?.madeAt).toBe(image.builtAt);
    expect(second).toMatchObject({ kind: 'template', distro: 'debian-13', title: 'tcg+svm' });
    expect(second?.bytes).toBeGreaterThan(0);
    expect((second?.usedAt ?? '') > image.builtAt).toBe(true);
  });

  it('is told apart by what was changed in it, and by a processor that says it is bare metal', async () => {
    const { templates, image, freeze } = await templateFarm(await farms.storeOf('one'));
    const bare = await templates.put(image, { ...bootRequest, bare: true }, await freeze(), () => {});
    const plain = await templates.put(image, bootRequest, await freeze(), () => {});
    const long = `kata \u{1b}[31m${'x'.repeat(80)}`;
    await bare.adopt('kata upstream:4.1.0\nsha256:6e60', bootRequest, await freeze(bare.key));
    await plain.adopt(long, bootRequest, await freeze(plain.key));

    const titles = (await list()).map(({ title }) => title).filter(Boolean);

    expect(titles.toSorted()).toEqual([
      'tcg+svm',
      'tcg+svm, bare',
      'tcg+svm, bare, derived: kata upstream:4.1.0',
      `tcg+svm, derived: kata [31m${'x'.repeat(51)}`,
    ]);
  });

  it('is nothing in a cache that is not there', async () => {
    expect(await list()).toEqual([]);
  });

  it('is in use while a farm is at work with it, and after that an image is for as long as a template is', async () => {
    await working();
    expect(short(await list())).toEqual(['image  true', 'template tcg+svm true']);
    expect(await qemuStore(cache).remove(await the('template'))).toBe('in use');

    await farms[Symbol.asyncDispose]();
    expect(short(await list())).toEqual(['image  true', 'template tcg+svm false']);
    expect(await qemuStore(cache).remove(await the('image'))).toBe('in use');

    expect(await qemuStore(cache).remove(await the('template'))).toBe('removed');
    expect(await qemuStore(cache).remove(await the('image'))).toBe('removed');
    expect(await list()).toEqual([]);
    expect(await readdir(join(cache, 'images'))).toEqual([]);
    expect(await readdir(join(cache, 'work'))).toEqual([]);
  });

  it('is in use by a farm of another process, and no more when that was killed', async () => {
    await working();
    const template = await the('template');
    await farms[Symbol.asyncDispose]();
    const { child } = await nodeThatSays(`
      import { Uses } from 'src/providers/qemu/uses.ts';
      const uses = new Uses();
      await uses.take('${join(cache, 'templates', template.id, 'template.json')}', new AbortController().signal);
      console.log('held');
      setInterval(() => uses, 1_000);
    `);

    const whileHeld = await qemuStore(cache).remove(template);
    child.kill('SIGKILL');
    await expect.poll(() => qemuStore(cache).remove(template)).toBe('removed');

    expect(whileHeld).toBe('in use');
  });

  it('is in use where a kept machine rests on it', async () => {
    const image = await working();
    await farms[Symbol.asyncDispose]();
    await qemuStore(cache).remove(await the('template'));
    const kept = { id: 'kept-1', run: 'run-1', cell: 'debian-13/host/host.cpu', distro: 'debian-13' };
    await mkdir(join(cache, 'kept/kept-1'), { recursive: true });
    await writeFile(
      join(cache, 'kept/kept-1/kept.json'),
      JSON.stringify({ ...kept, image: image.digest, madeAt: image.builtAt }),
    );

    expect(await qemuStore(cache).remove(await the('image'))).toBe('in use');
    expect(await qemuStore(cache).remove(await the('kept'))).toBe('removed');
    expect(await qemuStore(cache).remove(await the('image'))).toBe('removed');
  });

  it('counts as out of date where no recipe leads to it any more, and can be removed', async () => {
    await working();
    await farms[Symbol.asyncDispose]();
    const [key = ''] = (await readdir(join(cache, 'images'))).filter((name) => name.endsWith('.json'));
    await rm(join(cache, 'images', key));

    expect(short(await list())).toEqual(['image out of date true', 'template tcg+svm, out of date false']);
    expect(await qemuStore(cache).remove(await the('template'))).toBe('removed');
    expect(await qemuStore(cache).remove(await the('image'))).toBe('removed');
  });

  it('is listed where it is not whole, and removed with the locks of dead farms', async () => {
    await mkdir(join(cache, 'images/half'), { recursive: true });
    await writeFile(join(cache, 'images/half/disk.raw'), 'half');
    await mkdir(join(cache, 'templates/half'), { recursive: true });
    await writeFile(join(cache, 'templates/dead.lock'), '');

    expect(short(await list())).toEqual(['image not whole false', 'template not whole, out of date false']);
    await Promise.all((await list()).map((stored) => qemuStore(cache).remove(stored)));

    expect(await list()).toEqual([]);
    expect(await readdir(join(cache, 'templates'))).toEqual([]);
  });
});

describe('a cache that is over its limit', () => {
  it('loses what was used least recently, and nothing that is in use', async () => {
    await working();
    for (const [name, day] of [
      ['older', 1],
      ['newer', 2],
    ] as const) {
      const place = join(cache, 'templates', name);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'memory'), Buffer.alloc(2 ** 20));
      await writeFile(join(place, 'used'), '');
      await utimes(join(place, 'used'), day, day);
    }

    const removed = await trim([qemuStore(cache)], 2);
    expect(removed.map(({ id }) => id)).toEqual(['older']);

    const all = await trim([qemuStore(cache)], 0);
    expect(all.map(({ id }) => id)).toEqual(['newer']);
    expect(short(await list())).toEqual(['image  true', 'template tcg+svm true']);
  });

  it('may lose a template before a child of it, and the other way round', async () => {
    const { templates, image, freeze } = await templateFarm(await farms.storeOf('one'));
    const parent = await templates.put(image, bootRequest, await freeze(), () => {});
    const child = await parent.adopt('kata 4.1.0', bootRequest, await freeze(parent.key));
    await child[Symbol.asyncDispose]();
    expect((await trim([qemuStore(cache)], 0)).map(({ id }) => id)).toEqual([child.key]);
    await parent.adopt('kata 4.1.0', bootRequest, await freeze(parent.key));
    await parent[Symbol.asyncDispose]();

    expect((await trim([qemuStore(cache)], 0)).map(({ id }) => id)).toEqual([parent.key]);
    expect(short(await list())).toEqual(['image  true', 'template tcg+svm, derived: kata 4.1.0 true']);
  });

  it('loses what is kept beside images as well, which is said, once an image is added', async () => {
    const digest = 'a'.repeat(64);
    await mkdir(join(cache, 'kata', digest), { recursive: true });
    const record = { version: '4.1.0', source: 'upstream:4.1.0', madeAt: '2026-01-02T03:04:05.000Z' };
    await writeFile(join(cache, 'kata', digest, 'record.json'), JSON.stringify(record));
    const told: string[] = [];
    await using kit = await openKit(
      {
        accelerator: 'tcg',
        cache,
        cacheMiB: 0,
        beside: async () => kataStore(cache),
        allowExpiredMirror: false,
        freshness: 'fresh',
        now: () => new Date(),
      },
      never,
    );

    await kit.images.have(trixie, (line) => told.push(line), never);

    expect(told).toContain(
      'made room in the cache: Kata 4.1.0 (upstream:4.1.0) of 0 MiB, last used 2026-01-02T03:04Z',
    );
    expect(await kataStore(cache).list()).toEqual([]);
    expect((await list()).map(({ kind }) => kind)).toEqual(['image']);
  });

  it('loses an image after the last template that rested on it', async () => {
    await working();
    await farms[Symbol.asyncDispose]();

    const removed = await trim([qemuStore(cache)], 0);

    expect(removed.map(({ kind }) => kind)).toEqual(['template', 'image']);
  });
});
