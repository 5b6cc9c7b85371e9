import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lock } from '../../src/providers/qemu/lock.ts';
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
    import { lock } from 'src/providers/qemu/lock.ts';
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
});
