import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isThere, lock, seize, share } from '../../src/host/lock.ts';
import { nodeThatSays } from '../support/processes.ts';

const soon = () => AbortSignal.timeout(10_000);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Another process that holds the lock until it is ended. */
const holder = (path: string) =>
  nodeThatSays(`
    import { lock } from 'src/host/lock.ts';
    const held = await lock('${path}', () => {}, new AbortController().signal);
    console.log('held');
    setInterval(() => held, 1_000);
  `);

describe('a lock', () => {
  it('is never held by two at once', async () => {
    const path = join(folder, 'one.lock');
    const count = join(folder, 'count');
    await writeFile(count, '0');

    // Reading, waiting and writing loses an addition wherever two are at it at once.
    const add = async () => {
      await using _held = await lock(path, () => {}, soon());
      const before = Number(await readFile(count, 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await writeFile(count, String(before + 1));
    };
    await Promise.all(Array.from({ length: 8 }, add));

    expect(await readFile(count, 'utf8')).toBe('8');
  });

  it('is waited for while another process holds it, and people are told', async () => {
    const path = join(folder, 'one.lock');
    const { child } = await holder(path);
    const told: string[] = [];
    const waiting = await lock(path, (line) => told.push(line), AbortSignal.timeout(1_200)).catch(
      (error: Error) => error.name,
    );
    child.kill('SIGKILL');

    expect(waiting).toMatch(/Abort|Timeout/);
    expect(told).toEqual(['waiting for another katafarm that is at the same work']);
  });

  it('is let go when its holder is killed by SIGKILL', async () => {
    const path = join(folder, 'one.lock');
    const { child } = await holder(path);

    child.kill('SIGKILL');

    await using held = await lock(path, () => {}, soon());
    expect(held).toBeDefined();
  });

  it('says where it can’t be had', async () => {
    const path = join(folder, 'no such folder', 'one.lock');

    await expect(lock(path, () => {}, soon())).rejects.toThrow(`cannot lock ${path}`);
  });

  it('leaves no file behind', async () => {
    const path = join(folder, 'one.lock');

    await (await lock(path, () => {}, soon()))[Symbol.asyncDispose]();

    expect(await readdir(folder)).toEqual([]);
  });

  it('has a file again once it is had by who waited for it', async () => {
    const path = join(folder, 'one.lock');
    const first = await lock(path, () => {}, soon());
    const told: string[] = [];
    const waiting = lock(path, (line) => told.push(line), soon());
    await expect.poll(() => told).toHaveLength(1);

    await first[Symbol.asyncDispose]();
    await using _second = await waiting;

    expect(await isThere(path)).toBe(true);
    expect(await seize(path, soon())).toBeUndefined();
  });
});

describe('what is held together', () => {
  let file = '';

  beforeEach(async () => {
    file = join(folder, 'image', 'image.json');
    await mkdir(join(folder, 'image'));
    await writeFile(file, '{}', { mode: 0o444 });
  });

  it('is had alone by nobody until the last has let go', async () => {
    const one = await share(file, soon());
    const two = await share(file, soon());
    expect([one, two]).not.toContain(undefined);
    expect(await seize(file, soon())).toBeUndefined();

    await one?.[Symbol.asyncDispose]();
    expect(await seize(file, soon())).toBeUndefined();

    await two?.[Symbol.asyncDispose]();
    await using alone = await seize(file, soon());
    expect(alone).toBeDefined();
  });

  it('is waited for while somebody has it alone, and not had where it is gone by then', async () => {
    const alone = await seize(file, soon());
    const waiting = share(file, soon());

    await rename(join(folder, 'image'), join(folder, 'away'));
    await alone?.[Symbol.asyncDispose]();

    expect(await waiting).toBeUndefined();
  });

  it('goes on being held where its folder is moved', async () => {
    await using held = await share(file, soon());
    await rename(join(folder, 'image'), join(folder, 'placed'));

    expect(held).toBeDefined();
    expect(await seize(join(folder, 'placed', 'image.json'), soon())).toBeUndefined();
  });

  it.each([
    ['together', share],
    ['alone', seize],
  ])('is not made by who would have it %s', async (_, have) => {
    expect(await have(join(folder, 'none.json'), soon())).toBeUndefined();
    expect(await isThere(join(folder, 'none.json'))).toBe(false);
  });
});
