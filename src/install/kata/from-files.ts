import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { KataSource, KataTrust } from '../../domain/kata.ts';
import { fileDigest } from '../../download/file-digest.ts';
import type { Tell } from '../../machine/machine.ts';
import { unreadable } from './copy-tree.ts';
import { findKata, type KataKey, pointTo } from './kata-keys.ts';
import { makeKata } from './make-kata.ts';
import type { KataOptions } from './options.ts';
import { writeTree } from './tree-writer.ts';
import { unpack } from './unpack.ts';

/**
 * A Kata from archives of the user's: one path, or a set with commas between. Files that have not changed since are not
 * even read.
 */
export async function fromFiles(
  paths: string,
  source: KataSource,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<KataKey> {
  const archives = await archivesIn(paths);
  const seen = await Promise.all(archives.map(tracesOf));
  const words = `files ${JSON.stringify(seen)}`;
  const known = await findKata(options.cache, words, options.now());
  if (known) {
    return known;
  }
  const key = await fromArchives(archives, { source, title: paths, trust: 'local' }, options, tell, signal);
  await pointTo(options.cache, words, key);
  return key;
}

/** A Kata from archives that are known to be what they should be. The same bytes are never unpacked twice. */
export async function fromArchives(
  archives: readonly string[],
  told: { readonly source: KataSource; readonly title: string; readonly trust: KataTrust },
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<KataKey> {
  const digests: string[] = [];
  for (const archive of archives) {
    digests.push(await readable(archive, () => fileDigest(archive, signal)));
  }
  const making = {
    ...told,
    words: `archives ${digests.sort().join(' ')}`,
    async fill(folder: string) {
      const tree = writeTree(folder, options.limits);
      for (const archive of archives) {
        tell(`unpacking ${basename(archive)}`);
        await readable(archive, () => unpack(archive, tree, signal));
      }
      return tree.finish(told.title);
    },
  };
  const { digest, madeAt } = await makeKata(making, options, tell, signal);
  return { digest, madeAt, source: told.source, trust: told.trust };
}

/** A path may have a comma in its own name. */
async function archivesIn(paths: string): Promise<readonly string[]> {
  const isOne = await stat(paths).then(
    () => true,
    () => false,
  );
  return isOne ? [resolve(paths)] : paths.split(',').map((path) => resolve(path));
}

/** What a change of a file shows by, without reading it. */
async function tracesOf(path: string): Promise<readonly (string | number)[]> {
  const { size, mtimeMs, ctimeMs, ino } = await readable(path, () => stat(path));
  return [path, size, mtimeMs, ctimeMs, ino];
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { path: of, code } = error as NodeJS.ErrnoException;
    // Trouble with our own tree is no trouble of the user's file.
    throw of === path || code === 'EISDIR' ? unreadable(path, error) : error;
  }
}
