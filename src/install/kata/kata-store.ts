import { access, lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store, Stored } from '../../machine/store.ts';
import { treeWords } from './hold-kata.ts';
import { tryLock } from './host-lock.ts';
import { folderOf, type KataRecord, lockOf, nameOf, readJson, workOf } from './kata-cache.ts';
import { sweepKeys } from './kata-keys.ts';

const never = new AbortController().signal;

/** When that was made and used of which nothing is known: so long ago that it is the first to go. */
const longAgo = new Date(0).toISOString();

/** The Katas in a cache, however they were had. One that a process of this host holds is in use. */
export function kataStore(cache: string): Store {
  return {
    async list() {
      const names = await readdir(join(cache, 'kata')).catch(() => []);
      return Promise.all(
        names
          .filter(isDigest)
          .sort()
          .map((digest) => storedOf(cache, digest)),
      );
    },
    remove: ({ id }) => remove(cache, id),
  };
}

function isDigest(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

async function storedOf(cache: string, digest: string): Promise<Stored> {
  const folder = folderOf(cache, digest);
  const record = await readJson<KataRecord>(join(folder, 'record.json'));
  const used = await stat(join(folder, 'used')).catch(() => undefined);
  const madeAt = record?.madeAt ?? longAgo;
  return {
    kind: 'kata',
    id: digest,
    title: record ? `${record.version} (${plain(record.source)})` : 'not whole',
    bytes: await bytesOf(folder),
    madeAt,
    usedAt: used?.mtime.toISOString() ?? madeAt,
    inUse: await isHeld(cache, digest),
  };
}

/** A path of the user's may hold anything. */
function plain(source: string): string {
  return source.replaceAll(/\p{C}/gu, '');
}

/** Looks without leaving a lock file where there was none. */
async function isHeld(cache: string, digest: string): Promise<boolean> {
  const file = join(cache, 'kata', 'locks', `${nameOf(treeWords(digest))}.lock`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    return false;
  }
  await using alone = await tryLock(file, never);
  return alone === undefined;
}

async function remove(cache: string, digest: string): Promise<'removed' | 'in use'> {
  const words = treeWords(digest);
  await using alone = await tryLock(await lockOf(cache, words), never);
  if (!alone) {
    return 'in use';
  }
  // What dies in the middle of removing leaves it to whoever sweeps what work left: the same lock stands for that.
  const work = await workOf(cache, words);
  await rename(folderOf(cache, digest), join(work, 'tree')).catch(ignoreMissing);
  await sweepKeys(cache, digest);
  await rm(work, { recursive: true, force: true });
  return 'removed';
}

/** Another was quicker. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}

/** What removing it frees, holes not counted: a file that a second Kata shares is half of each. */
async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => undefined)));
  return found.reduce((sum, file) => sum + (file?.isFile() ? (file.blocks * 512) / file.nlink : 0), 0);
}
