import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere, seize } from '../../host/lock.ts';
import { removeTree } from '../../host/remove-tree.ts';

/**
 * Removes a folder of the cache in one step, and its content after that; says whether nothing is there any more. What
 * another process uses, by a lock on the file that stands for it, stays. `scratch` is on the cache's file system.
 */
export async function clearAway(
  folder: string,
  record: string,
  scratch: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await isThere(folder))) {
    return true;
  }
  const file = join(folder, record);
  await using held = await seize(file, signal);
  if (!held && (await isThere(file))) {
    return false;
  }
  const away = await mkdtemp(join(scratch, 'away-'));
  await rename(folder, join(away, 'away'));
  await removeTree(away);
  return true;
}

/** Removes lock files that nobody holds: one goes with its holder, but for a holder that was killed. */
export async function sweepLocks(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.lock'));
  for (const file of names.map((name) => join(folder, name))) {
    await using held = await seize(file, new AbortController().signal);
    await (held && rm(file, { force: true }));
  }
}
