import { copyFile, link, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileDigest } from '../../download/file-digest.ts';
import type { Tell } from '../../machine/machine.ts';
import type { HadKata } from '../had-kata.ts';
import { type Change, changesFor } from './changes.ts';
import { hadKata } from './had.ts';
import { holdKata } from './hold-kata.ts';
import { manifestOf } from './kata-cache.ts';
import { findKata } from './kata-keys.ts';
import { makeKata } from './make-kata.ts';
import type { Manifest, TreeEntry } from './manifest.ts';
import type { KataOptions } from './options.ts';
import type { Replacement } from './replacement.ts';
import { takeContent } from './take-content.ts';

/**
 * The same Kata with builds of the user's own in place of some pieces, under a digest of its own. Throws a UserError where
 * a file is not what it should be, or the Kata has nothing that it could stand in for.
 */
export async function replaceIn(
  had: HadKata,
  replacements: readonly Replacement[],
  options: Pick<KataOptions, 'cache' | 'now'>,
  tell: Tell,
  signal: AbortSignal,
): Promise<HadKata> {
  if (replacements.length === 0) {
    return had;
  }
  const { source, digest, trust } = had.build;
  const changes = await changesFor(had, replacements);
  const bytes: string[] = [];
  for (const { piece, path } of replacements) {
    bytes.push(`${piece} ${await fileDigest(path, signal)}`);
  }
  const words = `replaced ${digest} ${bytes.sort().join(' ')}`;
  const fill = async (folder: string): Promise<Manifest> => {
    const manifest = await manifestOf(options.cache, digest);
    if (!manifest) {
      throw new Error(`cannot replace anything in the Kata ${digest}: it is gone from the cache; run again`);
    }
    return await linkTree(had.tree, manifest, changes, folder);
  };

  const key = await holdKata(
    options.cache,
    tell,
    signal,
    async () =>
      (await findKata(options.cache, words, options.now())) ??
      (await makeKata({ words, source, title: source, trust, fill }, options, tell, signal)),
  );
  return await hadKata(had.build, key, options.cache, [
    ...had.build.replaced,
    ...replacements.map(({ piece, path }) => `${piece}=${path}`),
  ]);
}

/** A second tree that shares the first one's files, but for what is changed. Nobody writes to either. */
async function linkTree(
  from: string,
  manifest: Manifest,
  changes: ReadonlyMap<string, Change>,
  to: string,
): Promise<Manifest> {
  const made = new Map<string, TreeEntry>();
  for (const [path, entry] of manifest) {
    await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o755 });
    if (changes.has(path)) {
      continue;
    }
    if (entry.kind === 'link') {
      await symlink(entry.target, join(to, path));
    } else {
      // A file system may know no hard links, or have enough of one file.
      await link(join(from, path), join(to, path)).catch(() => copyFile(join(from, path), join(to, path)));
    }
    made.set(path, entry);
  }

  for (const [path, change] of changes) {
    await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o755 });
    if (change.kind === 'link') {
      await symlink(change.target, join(to, path));
      made.set(path, change);
    } else {
      const taken = await takeContent(change.content(), { path: join(to, path), mode: change.mode });
      made.set(path, { kind: 'file', mode: change.mode, ...taken });
    }
  }
  return made;
}
