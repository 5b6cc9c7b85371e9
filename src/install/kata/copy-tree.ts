import type { Dirent } from 'node:fs';
import { open, readdir, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { UserError } from '../../errors.ts';
import { pathOf, type Refuse, shown } from './tree-paths.ts';
import type { TreeWriter } from './tree-writer.ts';

/**
 * Copies a folder of the user's into a tree, to where `at` says. By the same rules as an archive: what would not be
 * taken from one is not taken from here either.
 */
export async function copyInto(
  tree: TreeWriter,
  folder: string,
  at: string,
  signal: AbortSignal,
): Promise<void> {
  const mine = {};
  const copyBelow = async (below: string): Promise<void> => {
    for (const entry of await entriesOf(join(folder, below))) {
      signal.throwIfAborted();
      const name = posix.join(below, entry.name);
      const file = join(folder, name);
      const refuse = refuser(file);
      const path = posix.join(at, pathOf(name, refuse));

      if (entry.isDirectory()) {
        await tree.folder(path, refuse);
        await copyBelow(name);
      } else if (entry.isSymbolicLink()) {
        await tree.symlink(path, await readlink(file), mine, refuse);
      } else if (entry.isFile()) {
        await copyFile(tree, file, path, mine, refuse, signal);
      } else {
        refuse('is neither a file, a folder nor a link');
      }
    }
  };
  await copyBelow('');
}

async function copyFile(
  tree: TreeWriter,
  file: string,
  path: string,
  mine: object,
  refuse: Refuse,
  signal: AbortSignal,
): Promise<void> {
  await using handle = await opened(file);
  const { mode, size } = await handle.stat();
  const content = handle.createReadStream({ autoClose: false, highWaterMark: 2 ** 18, signal });
  await tree.file(path, { mode, bytes: size, content, mine }, refuse);
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw unreadable(folder, error);
  }
}

async function opened(file: string) {
  try {
    return await open(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** What there is to say of a file of the user's that cannot be read. */
export function unreadable(file: string, cause: unknown): UserError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file; look at its path again',
    EACCES: 'this user may not; change its mode, or give a copy',
    EISDIR: 'it is a folder; say dir:PATH',
    ENOTDIR: 'it is a file, or lies below one; say file:PATH',
  };
  return new UserError(`cannot read ${file}: ${reasons[code] ?? `${message}; mend that, or give a copy`}`, {
    cause,
  });
}

function refuser(file: string): Refuse {
  return (reason) => {
    throw new UserError(
      `cannot use ${shown(file)} in a Kata: it ${reason}; take it away, or put a plain file in its place (--replace puts one piece in place of a Kata's own)`,
    );
  };
}
