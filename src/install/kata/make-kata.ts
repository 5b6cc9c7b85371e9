import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KataSource, KataTrust } from '../../domain/kata.ts';
import type { Tell } from '../../machine/machine.ts';
import { diskTrouble } from './disk-room.ts';
import { holdLock } from './host-lock.ts';
import { lockOf, placeKata, sweepWork, workOf } from './kata-cache.ts';
import { findKata, type KataKey, pointTo } from './kata-keys.ts';
import { layoutOf } from './layout.ts';
import type { Manifest } from './manifest.ts';
import type { KataOptions } from './options.ts';

/** What a Kata is made from, and known by. */
export interface Making {
  /** What it is kept under: everything that tells it from another. */
  readonly words: string;
  readonly source: KataSource;
  /** What its user calls it. */
  readonly title: string;
  readonly trust: KataTrust;
  /** Writes all of it into an empty folder, and says what that is. */
  fill(folder: string): Promise<Manifest>;
}

/** Makes a Kata's tree and puts it into the cache, once: two farms that want the same wait for each other. */
export async function makeKata(
  making: Making,
  { cache, now }: Pick<KataOptions, 'cache' | 'now'>,
  tell: Tell,
  signal: AbortSignal,
): Promise<KataKey> {
  const { words, source, title, trust } = making;
  const lock = await lockOf(cache, words);
  await sweepWork(cache, now(), signal);
  await using _ = await holdLock(lock, tell, signal);
  const there = await findKata(cache, words, now());
  if (there) {
    return there;
  }

  const work = await workOf(cache, words);
  try {
    await mkdir(join(work, 'tree'), { mode: 0o755 });
    const manifest = await making.fill(join(work, 'tree'));
    const { version } = await layoutOf(join(work, 'tree'), title);
    const madeAt = now().toISOString();
    const digest = await placeKata(cache, work, manifest, { source, version, trust, madeAt });
    const key: KataKey = { digest, source, trust, madeAt };
    await pointTo(cache, words, key);
    return key;
  } catch (error) {
    throw diskTrouble(error, title);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
