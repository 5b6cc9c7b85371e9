import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../errors.ts';
import { makeFolders } from '../publish/make-folders.ts';

/** A template's memory and disk, clones' overlays, and an image in the making; with headroom. */
const workMiB = 3072;
/** What an image and its template leave in the cache: 1.3 and 0.6 GiB at most, so far. */
const keptMiB = 2048;

/** What is kept goes again, the longest unused first, once it takes as much. */
const mostKeptMiB = 40 * 1024;

/** Throws a UserError (exit 3) where a run of so many releases would only fill the disk. */
export async function ensureRoom(folder: string, releases: number): Promise<void> {
  const neededMiB = workMiB + Math.min(keptMiB * releases, mostKeptMiB);
  const { bavail, bsize } = await statfs(folder);
  const freeMiB = Math.floor((bavail * bsize) / 2 ** 20);
  if (freeMiB < neededMiB) {
    throw new UserError(
      `cannot run with ${freeMiB} MiB free in ${folder}: it may take ${neededMiB} MiB; ` +
        'make room, or put the cache elsewhere with KATAFARM_CACHE=DIR',
      { exitCode: 3 },
    );
  }
}

/** What a journal, transcripts and consoles may take, wherever they are put. */
const leastMiB = 64;

/**
 * Makes a folder where there is none. Throws a UserError (exit 3) where that, or writing in it, is not allowed or
 * possible, or where there is hardly any room; then nothing is made.
 */
export async function ensureFolder(folder: string, elsewhere: string, measure = statfs): Promise<void> {
  const freeMiB = await freeMiBAt(folder, measure);
  if (freeMiB < leastMiB) {
    throw new UserError(
      `cannot write in ${folder}: ${freeMiB} MiB are free, and it takes ${leastMiB}; make room, or put it elsewhere with ${elsewhere}`,
      { exitCode: 3 },
    );
  }

  try {
    await makeFolders(folder);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why = obstacles[code];
    if (why === undefined) {
      throw error;
    }
    throw new UserError(
      `cannot write in ${folder}: ${why}; mend that, or put it elsewhere with ${elsewhere}`,
      {
        exitCode: 3,
        cause: error,
      },
    );
  }
}

/** Where a folder is, or will be; where that can't be found out, making it will tell. */
async function freeMiBAt(folder: string, measure: typeof statfs): Promise<number> {
  try {
    const { bavail, bsize } = await measure(folder);
    return Math.floor((bavail * bsize) / 2 ** 20);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code !== 'ENOENT';
    return isThere || dirname(folder) === folder
      ? Number.POSITIVE_INFINITY
      : freeMiBAt(dirname(folder), measure);
  }
}

const obstacles: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'its file system is read-only',
  ENOENT: 'nothing can be made there',
  ENOTDIR: 'something in its path is a file',
  EEXIST: 'it is a file',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's quota is used up",
};
