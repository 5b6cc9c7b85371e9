import { statfs } from 'node:fs/promises';
import { UserError } from '../errors.ts';

/** An image, a template's memory and disk, clones' overlays: what one release takes, with headroom. */
const neededMiB = 4096;

/** Throws a UserError (exit 3) where a run would only fill the disk. */
export async function ensureRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeMiB = Math.floor((bavail * bsize) / 2 ** 20);
  if (freeMiB < neededMiB) {
    throw new UserError(
      `cannot run with ${freeMiB} MiB free in ${folder}: a release takes ${neededMiB} MiB; ` +
        'make room, or put the cache elsewhere with KATAFARM_CACHE=DIR',
      { exitCode: 3 },
    );
  }
}
