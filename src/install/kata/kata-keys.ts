import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KataTrust } from '../../domain/kata.ts';
import { folderOf, type KataRecord, nameOf, readJson, soundRecord } from './kata-cache.ts';

/** What leads from a source to its tree. */
export interface KataKey {
  readonly digest: string;
  readonly source: string;
  readonly trust: KataTrust;
  /** ISO 8601. */
  readonly madeAt: string;
}

/** What stands under a key, if its tree is there and whole; marks it as used now. */
export async function findKata(
  cache: string,
  words: string,
  now: Date,
): Promise<(KataKey & { readonly record: KataRecord }) | undefined> {
  const key = await readJson<KataKey>(keyFile(cache, words));
  const found = key && (await soundRecord(cache, key.digest));
  if (!found) {
    return undefined;
  }
  await utimes(join(folderOf(cache, key.digest), 'used'), now, now).catch(() => {});
  return { ...key, record: found };
}

/** What stands under a key from now on. */
export async function pointTo(cache: string, words: string, key: KataKey): Promise<void> {
  await mkdir(join(cache, 'kata', 'keys'), { recursive: true });
  const file = keyFile(cache, words);
  const fresh = `${file}.${randomUUID()}`;
  await writeFile(fresh, JSON.stringify(key));
  await rename(fresh, file);
}

/** Removes every key that leads to a tree, which is gone. */
export async function sweepKeys(cache: string, digest: string): Promise<void> {
  const folder = join(cache, 'kata', 'keys');
  for (const name of await readdir(folder).catch(() => [])) {
    const key = await readJson<KataKey>(join(folder, name));
    if (key?.digest === digest) {
      await rm(join(folder, name), { force: true });
    }
  }
}

function keyFile(cache: string, words: string): string {
  return join(cache, 'kata', 'keys', `${nameOf(words)}.json`);
}
