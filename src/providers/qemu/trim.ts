import { statfs } from 'node:fs/promises';
import type { Tell } from '../../machine/machine.ts';
import type { Store, Stored } from '../../machine/store.ts';

const largestMiB = 40 * 1024;
/** Of the file system that the cache is on. */
const largestShare = 0.25;

/** What the cache may take where nobody says: 40 GiB, or a quarter of a smaller disk. */
export async function defaultLimitMiB(cache: string): Promise<number> {
  const { blocks, bsize } = await statfs(cache);
  return Math.min(largestMiB, Math.floor((blocks * bsize * largestShare) / 2 ** 20));
}

/**
 * Removes what was used least recently until what stores hold takes no more than the limit; returns what it was. What
 * is in use stays, and so do kept machines: they go by their age.
 */
export async function trim(stores: readonly Store[], limitMiB: number): Promise<readonly Stored[]> {
  const removed: Stored[] = [];
  const stuck = new Set<string>();
  for (;;) {
    const all = await limitedIn(stores);
    const bytes = all.reduce((sum, { item }) => sum + item.bytes, 0);
    const [next] = all
      .filter(({ item }) => !item.inUse && !stuck.has(item.id))
      .toSorted((a, b) => a.item.usedAt.localeCompare(b.item.usedAt));
    if (!next || bytes <= limitMiB * 2 ** 20) {
      return removed;
    }
    if ((await next.store.remove(next.item)) === 'removed') {
      removed.push(next.item);
    } else {
      stuck.add(next.item.id);
    }
  }
}

async function limitedIn(
  stores: readonly Store[],
): Promise<readonly { readonly item: Stored; readonly store: Store }[]> {
  const lists = await Promise.all(
    stores.map(async (store) => (await store.list()).map((item) => ({ item, store }))),
  );
  return lists.flat().filter(({ item }) => item.kind !== 'kept');
}

/** The same for a cache to which something was added, and says so. That it can't be done is no reason to stop. */
export async function keepWithin(
  stores: readonly Store[],
  cache: string,
  limitMiB: number | undefined,
  tell: Tell,
): Promise<void> {
  try {
    for (const item of await trim(stores, limitMiB ?? (await defaultLimitMiB(cache)))) {
      const { kind, distro, title, usedAt, bytes } = item;
      const what = kind === 'kata' ? `Kata ${title}` : `${distro}'s ${kind}`;
      const mib = Math.round(bytes / 2 ** 20);
      tell(`made room in the cache: ${what} of ${mib} MiB, last used ${usedAt.slice(0, 16)}Z`);
    }
  } catch (error) {
    tell(`cannot make room in the cache: ${(error as Error).message}`);
  }
}
