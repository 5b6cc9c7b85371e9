import { statfs } from 'node:fs/promises';
import type { Tell } from '../../machine/machine.ts';
import type { Store, Stored } from '../../machine/store.ts';

const largestMiB = 40 * 1024;
/** Of the file system that the cache is on. */
const largestShare = 0.25;

/** What images and templates may take together where nobody says: 40 GiB, or a quarter of a smaller disk. */
export async function defaultLimitMiB(cache: string): Promise<number> {
  const { blocks, bsize } = await statfs(cache);
  return Math.min(largestMiB, Math.floor((blocks * bsize * largestShare) / 2 ** 20));
}

/**
 * Removes what was used least recently until images and templates take no more than the limit; returns what it was. What
 * is in use stays, and so do kept machines: they go by their age.
 */
export async function trim(store: Store, limitMiB: number): Promise<readonly Stored[]> {
  const removed: Stored[] = [];
  const stuck = new Set<string>();
  for (;;) {
    const all = (await store.list()).filter(({ kind }) => kind !== 'kept');
    const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
    const [next] = all
      .filter(({ id, inUse }) => !inUse && !stuck.has(id))
      .toSorted((a, b) => a.usedAt.localeCompare(b.usedAt));
    if (!next || bytes <= limitMiB * 2 ** 20) {
      return removed;
    }
    if ((await store.remove(next)) === 'removed') {
      removed.push(next);
    } else {
      stuck.add(next.id);
    }
  }
}

/** The same for a cache to which something was added, and says so. That it can't be done is no reason to stop. */
export async function keepWithin(
  store: Store,
  cache: string,
  limitMiB: number | undefined,
  tell: Tell,
): Promise<void> {
  try {
    for (const { kind, distro, usedAt, bytes } of await trim(
      store,
      limitMiB ?? (await defaultLimitMiB(cache)),
    )) {
      const mib = Math.round(bytes / 2 ** 20);
      tell(`made room in the cache: ${distro}'s ${kind} of ${mib} MiB, last used ${usedAt.slice(0, 16)}Z`);
    }
  } catch (error) {
    tell(`cannot make room in the cache: ${(error as Error).message}`);
  }
}
