import { statfs } from 'node:fs/promises';
import { UserError } from '../../errors.ts';
import { shown } from './tree-paths.ts';

const remedy = 'make room, or put the cache elsewhere with KATAFARM_CACHE=DIR';

/** Throws a UserError (exit 3: it is the disk's fault) where a file would fill it. */
export async function ensureRoom(folder: string, path: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < needed) {
    const [takes, free] = [needed, bavail * bsize].map((bytes) => Math.ceil(bytes / 2 ** 20));
    throw new UserError(
      `cannot unpack ${shown(path)}: ${takes} MiB have to be free in ${folder}, and ${free} MiB are; ${remedy}`,
      { exitCode: 3 },
    );
  }
}

/** The words for a disk that is full after all; any other error as it is. */
export function diskTrouble(error: unknown, title: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new UserError(`cannot unpack ${title}: the disk is full; ${remedy}`, { exitCode: 3, cause: error })
    : error;
}
