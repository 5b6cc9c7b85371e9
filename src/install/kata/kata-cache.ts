import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KataTrust } from '../../domain/kata.ts';
import { tryLock } from './host-lock.ts';
import { digestOf, type Manifest, manifestText, readManifest } from './manifest.ts';

/** What is kept beside a tree. */
export interface KataRecord {
  /** From where it was first. */
  readonly source: string;
  readonly version: string;
  readonly trust: KataTrust;
  /** ISO 8601. */
  readonly madeAt: string;
  /** Nothing of the tree was written to after this, in milliseconds since the epoch. */
  readonly sealedMs: number;
}

const record = 'record.json';

/** Where a Kata's tree, record, cargo and time of use are, by its digest. */
export function folderOf(cache: string, digest: string): string {
  return join(cache, 'kata', digest);
}

export function treeOf(cache: string, digest: string): string {
  return join(folderOf(cache, digest), 'tree');
}

/** What stands for words of any length in a file's name. */
export function nameOf(words: string): string {
  return createHash('sha256').update(words).digest('hex');
}

/** The lock that whoever makes what is under a key holds. */
export async function lockOf(cache: string, words: string): Promise<string> {
  const locks = join(cache, 'kata', 'locks');
  await mkdir(locks, { recursive: true });
  return join(locks, `${nameOf(words)}.lock`);
}

/** An empty folder on the cache's file system for whoever holds a key's lock; what a dead one left there is removed. */
export async function workOf(cache: string, words: string): Promise<string> {
  const folder = join(cache, 'kata', 'work', nameOf(words));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Where downloads that broke off wait to be gone on with. */
export function downloadsOf(cache: string, words: string): string {
  return join(cache, 'kata', 'downloads', nameOf(words));
}

/** Downloads that nobody goes on with for so long are not waited for any more. */
const forgottenMs = 7 * 24 * 60 * 60 * 1000;

/**
 * Removes what farms that died in the middle of unpacking left, and old halves of downloads: nobody holds their locks.
 * Returns the folders it was.
 */
export async function sweepWork(cache: string, now: Date, signal: AbortSignal): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const [kind, leastMs] of [
    ['work', Number.NEGATIVE_INFINITY],
    ['downloads', forgottenMs],
  ] as const) {
    const folder = join(cache, 'kata', kind);
    for (const name of await readdir(folder).catch(() => [])) {
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (found && now.getTime() - found.mtimeMs > leastMs) {
        await using free = await tryLock(join(cache, 'kata', 'locks', `${name}.lock`), signal);
        if (free) {
          await rm(join(folder, name), { recursive: true, force: true });
          swept.push(join(folder, name));
        }
      }
    }
  }
  return swept;
}

/** What a tree in the cache holds; undefined where there is none of that digest. */
export async function manifestOf(cache: string, digest: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folderOf(cache, digest), 'manifest'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : readManifest(text);
}

/**
 * Puts a folder with a complete `tree` into its place in the cache, by one rename. The same may be there already: it
 * stays, unless it is damaged.
 */
export async function placeKata(
  cache: string,
  folder: string,
  manifest: Manifest,
  told: Omit<KataRecord, 'sealedMs'>,
): Promise<string> {
  const digest = digestOf(manifest);
  if (await soundRecord(cache, digest)) {
    return digest;
  }
  await writeFile(join(folder, 'manifest'), manifestText(manifest));
  await writeFile(join(folder, 'used'), '');
  // The clock of the file system, which is the one that a later change is told by.
  const { mtimeMs } = await stat(join(folder, 'used'));
  await writeFile(join(folder, record), JSON.stringify({ ...told, sealedMs: mtimeMs } satisfies KataRecord));

  const target = folderOf(cache, digest);
  await rename(target, join(folder, 'damaged')).catch(() => {});
  try {
    await rename(folder, target);
  } catch (error) {
    // Another farm had the same by another source, and was a moment quicker.
    if (!(await soundRecord(cache, digest))) {
      throw error;
    }
  }
  await rm(join(target, 'damaged'), { recursive: true, force: true });
  return digest;
}

/** The record of a tree of which nothing is gone, cut short or written to. */
export async function soundRecord(cache: string, digest: string): Promise<KataRecord | undefined> {
  const found = await readJson<KataRecord>(join(folderOf(cache, digest), record));
  const manifest = await manifestOf(cache, digest);
  if (!found || !manifest) {
    return undefined;
  }
  const files = [...manifest].flatMap(([path, entry]) => (entry.kind === 'file' ? [{ path, entry }] : []));
  const sound = await Promise.all(
    files.map(async ({ path, entry }) => {
      const file = await stat(join(treeOf(cache, digest), path)).catch(() => undefined);
      return file?.size === entry.bytes && file.mtimeMs <= found.sealedMs;
    }),
  );
  return sound.every(Boolean) ? found : undefined;
}

/** Undefined where the file is not there, or not whole. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
