import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QemuTemplate } from '../../src/providers/qemu/template.ts';
import { keepProof, templatesOf } from '../../src/providers/qemu/template-store.ts';
import { type FakeTools, fakeTools } from '../support/fake-tools.ts';
import { type ImageFarms, imageFarms } from '../support/image-farms.ts';
import { until } from '../support/processes.ts';
import { bootRequest, type TemplateFarm, templateFarm } from '../support/template-farms.ts';

const path = process.env['PATH'];

let folder = '';
let tools: FakeTools;
let farms: ImageFarms;
let told: string[] = [];
const tell = (line: string) => void told.push(line);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'templates-'));
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

const farm = async (name: string, options?: { fresh: boolean }) =>
  templateFarm(await farms.storeOf(name), options);

/** What a run does: the template that is there, or a new one. */
async function have({ templates, image, freeze }: TemplateFarm) {
  const found = await templates.find(image, bootRequest, tell);
  if (found) {
    return { template: found, wasThere: true };
  }
  const template = await templates.put(image, bootRequest, await freeze(), tell);
  await templates.leave(image, bootRequest);
  return { template, wasThere: false };
}

/** When it was made is in it, too. */
const recordOf = (key: string) => readFile(join(folderOf(key), 'template.json'), 'utf8');
const folderOf = (key: string) => join(templatesOf(join(folder, 'cache')), key);

describe('a template', () => {
  it('is made once, and then had from the cache', async () => {
    const one = await farm('one');
    const made = await have(one);
    const again = await have(await farm('two'));

    expect([made.wasThere, again.wasThere]).toEqual([false, true]);
    expect(again.template.key).toBe(made.template.key);
    expect(again.template.deviations).toEqual(['stopped before the freeze: fstrim.timer']);
    expect(again.template.proof).toBeUndefined();
    expect(one.told).toEqual(['added']);
    expect(told).toEqual([]);
    expect((await readdir(folderOf(made.template.key))).toSorted()).toEqual([
      'disk.qcow2',
      'key',
      'known_hosts',
      'memory',
      'state',
      'template.json',
      'used',
    ]);
  });

  it('has its disk on that of its image, by a path that moves with the cache', async () => {
    const { templates, image, freeze } = await farm('one');
    const { key } = await templates.put(image, bootRequest, await freeze(), tell);

    const told = execFileSync('qemu-img', ['info', '--output=json', join(folderOf(key), 'disk.qcow2')]);

    const { 'backing-filename': base, 'full-backing-filename': full } = JSON.parse(String(told));
    expect(base).toBe(`../../images/${image.digest}/disk.raw`);
    expect(await stat(full)).toMatchObject({ ino: (await stat(join(image.folder, 'disk.raw'))).ino });
  });

  it('can be written to by nobody, but for its memory, which QEMU opens for writing', async () => {
    const { template } = await have(await farm('one'));
    const names = ['memory', 'state', 'disk.qcow2', 'key', 'template.json'];

    const modes = await Promise.all(names.map((name) => stat(join(folderOf(template.key), name))));

    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['600', '400', '400', '400', '400']);
  });

  it('has the proof of an earlier run', async () => {
    const proof = { nested: true, nestedMs: 11_000, panicked: false, said: '' };
    const { template } = await have(await farm('one'));
    const { cache, scratch, uses } = await farms.storeOf('one');
    await keepProof({ cache, scratch, uses }, template.key, proof);

    expect((await have(await farm('two'))).template.proof).toEqual(proof);
  });

  it('is waited for by who wants it while another makes it', async () => {
    const one = await farm('one');
    const two = await farm('two');
    expect(await one.templates.find(one.image, bootRequest, tell)).toBeUndefined();

    const waiting = two.templates.find(two.image, bootRequest, tell);
    await until('it waits', () => told.includes('waiting for another katafarm that is at the same work'));
    const made = await one.templates.put(one.image, bootRequest, await one.freeze(), tell);
    await one.templates.leave(one.image, bootRequest);

    expect((await waiting)?.key).toBe(made.key);
  });

  it('is made by the one who waits where the other gives it up', async () => {
    const one = await farm('one');
    const two = await farm('two');
    await one.templates.find(one.image, bootRequest, tell);

    const waiting = two.templates.find(two.image, bootRequest, tell);
    await one.templates.leave(one.image, bootRequest);

    expect(await waiting).toBeUndefined();
    await two.templates[Symbol.asyncDispose]();
  });

  it('that is asked for again by the farm that is to make it does not wait for that farm', async () => {
    const { templates, image } = await farm('one');
    await templates.find(image, bootRequest, tell);

    expect(await templates.find(image, bootRequest, tell)).toBeUndefined();
    await templates[Symbol.asyncDispose]();
  });
});

const kata = 'kata upstream:4.1.0\nsha256:6e60';

/** What a run does that wants a change in its template: the child that is there, or a new one. */
async function haveChild(farm: TemplateFarm, template: QemuTemplate) {
  const found = await template.child(kata, bootRequest);
  if (found) {
    return { child: found, wasThere: true };
  }
  const child = await template.adopt(kata, bootRequest, await farm.freeze(template.key));
  return { child, wasThere: false };
}

/** A farm with its template, and a child of it. */
async function family(name: string, options?: { fresh: boolean }) {
  const farmed = await farm(name, options);
  const { template } = await have(farmed);
  return { ...(await haveChild(farmed, template)), template, farmed };
}

/** What a farm does at its end. */
async function end(name: string, { farmed }: Pick<Awaited<ReturnType<typeof family>>, 'farmed'>) {
  await farmed.templates[Symbol.asyncDispose]();
  await (await farms.storeOf(name)).uses[Symbol.asyncDispose]();
}

describe('a child of a template', () => {
  it('is derived once, and then had from the cache', async () => {
    const one = await family('one');
    await end('one', one);
    const two = await family('two');

    expect([one.wasThere, two.wasThere]).toEqual([false, true]);
    expect(two.child.key).toBe(one.child.key);
    expect(two.child.key).not.toBe(two.template.key);
    expect(two.child.deviations).toEqual(['stopped before the freeze: fstrim.timer']);
    expect(one.farmed.told).toEqual(['added', 'added']);
    expect(JSON.parse(await recordOf(two.child.key))).toMatchObject({
      derived: { from: two.template.key, change: kata },
      parts: { image: two.farmed.image.digest },
    });
  });

  it('is another one for another change, and for the same change of another parent', async () => {
    const { template, child, farmed } = await family('one');

    expect(await template.child('kata upstream:4.1.0', bootRequest)).toBeUndefined();
    expect(await child.child?.(kata, bootRequest)).toBeUndefined();
    await farmed.templates[Symbol.asyncDispose]();
  });

  it('has all that was on the disk of its parent when that is gone', async () => {
    const one = await family('one');
    await end('one', one);
    await rm(folderOf(one.template.key), { recursive: true });
    const disk = join(folderOf(one.child.key), 'disk.qcow2');

    const read = execFileSync('qemu-io', ['-r', '-c', 'read -P 7 0 64k', disk]);

    expect(String(read)).toMatch(/^read 65536\/65536 bytes/);
    const told = execFileSync('qemu-img', ['info', '--output=json', disk]);
    const base = `../../images/${one.farmed.image.digest}/disk.raw`;
    expect(JSON.parse(String(told))).toMatchObject({ 'backing-filename': base });
    expect((await family('two')).wasThere).toBe(true);
  });

  it('has the proof of its parent, and its own before that', async () => {
    const proof = { nested: true, nestedMs: 11_000, panicked: false, said: '' };
    const { template, child } = await family('one');
    const store = await farms.storeOf('one');
    expect(child.proof).toBeUndefined();

    await keepProof(store, template.key, proof);
    expect((await family('two')).child.proof).toEqual(proof);

    await keepProof(store, child.key, { ...proof, nestedMs: 12_000 });
    expect((await family('two')).child.proof).toEqual({ ...proof, nestedMs: 12_000 });
  });

  it('is waited for by who wants it while another derives it', async () => {
    const one = await farm('one');
    const two = await farm('two');
    const { template } = await have(one);
    const same = (await have(two)).template;
    expect(await template.child(kata, bootRequest)).toBeUndefined();

    const waiting = same.child(kata, bootRequest);
    await until('it waits', () => told.includes('waiting for another katafarm that is at the same work'));
    const child = await template.adopt(kata, bootRequest, await one.freeze(template.key));
    await one.templates[Symbol.asyncDispose]();

    expect((await waiting)?.key).toBe(child.key);
  });

  it('is derived by the one who waits where the other could not', async () => {
    const { template } = await have(await farm('one'));
    const two = await farm('two');
    const same = (await have(two)).template;
    const announce = () => Promise.reject(new Error('no memory'));
    await template.child(kata, bootRequest);

    const waiting = same.child(kata, bootRequest);
    const request = { ...bootRequest, logs: folder, announce };
    await expect(template.derive(kata, request, async () => {}, true)).rejects.toThrow('no memory');

    expect(await waiting).toBeUndefined();
    await two.templates[Symbol.asyncDispose]();
  });

  it('that was derived --fresh takes the place of the one that was there, once a farm', async () => {
    const one = await family('one');
    await end('one', one);
    const before = await recordOf(one.child.key);

    const { wasThere, farmed, template } = await family('two', { fresh: true });

    expect(wasThere).toBe(false);
    expect(await recordOf(one.child.key)).not.toBe(before);
    expect((await haveChild(farmed, template)).wasThere).toBe(true);
  });

  it('that was damaged in the cache is thrown away, which is said, and derived anew', async () => {
    const one = await family('one');
    await end('one', one);
    await utimes(join(folderOf(one.child.key), 'memory'), 1, 1);

    const { wasThere } = await family('two');

    expect(wasThere).toBe(false);
    expect(told[0]).toMatch(/^debian-13: its template in the cache is damaged.* was written to$/);
  });

  it('that no clone wakes up from is thrown away by who would take it next', async () => {
    const one = await family('one');
    const request = { ...bootRequest, logs: folder, announce: () => Promise.reject(new Error('no memory')) };
    await expect(one.child.clone(request)).rejects.toThrow('no memory');
    await end('one', one);

    expect((await family('two')).wasThere).toBe(false);
  });

  it('is not kept where its parent is not', async () => {
    await have(await farm('one'));
    const { template } = await have(await farm('two', { fresh: true }));

    expect(await template.child(kata, bootRequest)).toBeUndefined();
  });
});

describe('a template that was made --fresh', () => {
  it('takes the place of the one that was there, once a farm', async () => {
    const { template } = await have(await farm('one'));
    await template[Symbol.asyncDispose]();
    const before = await recordOf(template.key);
    const fresh = await farm('two', { fresh: true });

    const ends = [await have(fresh), await have(fresh)].map(({ wasThere }) => wasThere);

    expect(ends).toEqual([false, true]);
    expect(await recordOf(template.key)).not.toBe(before);
  });

  it('leaves the one that another farm is at work with, and is no less of use', async () => {
    const { template } = await have(await farm('one'));
    const before = await recordOf(template.key);
    const fresh = await farm('two', { fresh: true });

    const { wasThere } = await have(fresh);

    expect(wasThere).toBe(false);
    expect(fresh.told).toEqual([]);
    expect(await recordOf(template.key)).toBe(before);
    expect(await readdir(join(folder, 'work/two'))).toContain('memory');
  });
});

describe('a template that was damaged in the cache', () => {
  it.each([
    ['memory that was written to', 'memory', (file: string) => utimes(file, 1, 1)],
    ['a longer disk', 'disk.qcow2', (file: string) => appendFile(file, 'x')],
    ['no key', 'key', (file: string) => rm(file)],
    ['half a record', 'template.json', (file: string) => writeFile(file, '{"key": ')],
    ['no record', 'template.json', (file: string) => rm(file)],
    ['a state of other bytes', 'state', falsify],
  ])('by %s is thrown away, which is said, and made anew', async (_, name, damage) => {
    const { template } = await have(await farm('one'));
    await template[Symbol.asyncDispose]();
    await chmod(join(folderOf(template.key), name), 0o600);
    await damage(join(folderOf(template.key), name));

    const { wasThere } = await have(await farm('two'));

    expect(wasThere).toBe(false);
    expect(told[0]).toMatch(/^debian-13: its template in the cache is damaged, and thrown away: /);
    expect((await have(await farm('three'))).wasThere).toBe(true);
  });
});

describe('a template that no clone wakes up from', () => {
  it('is thrown away by who would take it next, and made anew', async () => {
    const { template } = await have(await farm('one'));
    const request = { ...bootRequest, logs: folder, announce: () => Promise.reject(new Error('no memory')) };

    await expect(template.clone(request)).rejects.toThrow('no memory');
    await template[Symbol.asyncDispose]();
    const { wasThere } = await have(await farm('two'));

    expect(wasThere).toBe(false);
    expect(told).toEqual([
      'debian-13: its template in the cache is damaged, and thrown away: a clone of it did not wake up',
    ]);
    expect((await have(await farm('three'))).wasThere).toBe(true);
  });

  it('stays where its clone was only not wanted any more', async () => {
    const { template } = await have(await farm('one'));
    const signal = AbortSignal.abort('SIGINT');

    await expect(template.clone({ ...bootRequest, logs: folder, signal })).rejects.toBe('SIGINT');
    await template[Symbol.asyncDispose]();

    expect((await have(await farm('two'))).wasThere).toBe(true);
  });
});

/** Other bytes, with nothing else to show for it. */
async function falsify(file: string): Promise<void> {
  const { mtimeMs, size } = await stat(file);
  const then = (Math.floor(mtimeMs) + 0.5) / 1000;
  await writeFile(file, 'x'.repeat(size));
  await utimes(file, then, then);
}
