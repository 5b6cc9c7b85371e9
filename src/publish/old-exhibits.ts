import { readdir, rm, rmdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Artifact } from '../report/report.ts';

/** Removes the texts of reds that no word rests on any more. What else lies there is not ours, nor is a folder that is a link. */
export async function removeOldExhibits(folder: string, written: readonly Artifact[]): Promise<void> {
  const known = new Set(written.map(({ path }) => path));
  const below = join(folder, 'evidence');
  const releases = await readdir(below, { withFileTypes: true }).catch(() => []);

  for (const { name: release } of releases.filter((entry) => entry.isDirectory())) {
    const entries = await readdir(join(below, release), { withFileTypes: true }).catch(() => []);
    const old = entries.filter(
      (entry) =>
        entry.isFile() &&
        /\.txt$/.test(entry.name) &&
        !known.has(posix.join('evidence', release, entry.name)),
    );
    await Promise.all(old.map(({ name }) => rm(join(below, release, name), { force: true })));
    if (old.length > 0) {
      // Not empty: somebody else's file, or a red that is still there.
      await rmdir(join(below, release)).catch(() => undefined);
    }
  }
}
