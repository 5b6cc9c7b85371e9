import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { KataSource } from '../../domain/kata.ts';
import type { Tell } from '../../machine/machine.ts';
import { copyInto, unreadable } from './copy-tree.ts';
import { findKata, type KataKey } from './kata-keys.ts';
import { kataIn } from './layout.ts';
import { makeKata } from './make-kata.ts';
import type { KataOptions } from './options.ts';
import { kataRoot } from './tree-paths.ts';
import { writeTree } from './tree-writer.ts';

/**
 * A Kata from a folder of the user's, as it is now: copied, since they may go on building in it. A folder in which nothing has
 * changed is not copied again.
 */
export async function fromFolder(
  path: string,
  source: KataSource,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<KataKey> {
  const folder = resolve(path);
  const base = await kataIn(await listed(folder), path);
  const words = `folder ${base} ${await tracesBelow(base)}`;
  const known = await findKata(options.cache, words, options.now());
  if (known) {
    return known;
  }
  const making = {
    words,
    source,
    title: path,
    trust: 'local' as const,
    async fill(copy: string) {
      const tree = writeTree(copy, options.limits);
      tell(`copying ${base}`);
      await copyInto(tree, base, kataRoot, signal);
      return tree.finish(path);
    },
  };
  return await makeKata(making, options, tell, signal);
}

/** Throws a UserError unless it is a folder that can be listed. */
async function listed(folder: string): Promise<string> {
  try {
    await readdir(folder);
    return folder;
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** What a change below a folder shows by, without reading its files. */
async function tracesBelow(base: string): Promise<string> {
  try {
    const names = await readdir(base, { recursive: true });
    const traces = await Promise.all(names.sort().map((name) => tracesOf(base, name)));
    return createHash('sha256').update(traces.join('\n')).digest('hex');
  } catch (error) {
    throw unreadable(base, error);
  }
}

async function tracesOf(base: string, name: string): Promise<string> {
  const { size, mtimeMs, ctimeMs, ino, mode } = await lstat(join(base, name));
  return [name, size, mtimeMs, ctimeMs, ino, mode].join(' ');
}
