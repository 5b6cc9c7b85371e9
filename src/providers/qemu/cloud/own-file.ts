import { stat } from 'node:fs/promises';
import { fileDigest } from '../../../download/file-digest.ts';
import { UserError } from '../../../errors.ts';

/** The sha256 of a disk that is on this host. Throws a UserError where it can't be read. */
export async function digestOfOwn(release: string, path: string, signal: AbortSignal): Promise<string> {
  try {
    if (!(await stat(path)).isFile()) {
      throw new Error('it is no file');
    }
    return await fileDigest(path, signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new UserError(
      `cannot read ${release}'s image ${path}: ${(cause as Error).message}; say --image ${release}=FILE with one that is there`,
      { cause },
    );
  }
}
