import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { docsFolders } from '../report/docs/docs.ts';
import type { Artifact } from '../report/report.ts';
import { siteFolders } from '../report/site/site.ts';

/**
 * Files in the pages' own folders that are no pages any more, by their kind of file; of a folder that is a link, none.
 * Whatever else lies there (a CNAME, a picture, a folder of somebody's) is not ours.
 */
export async function strangers(folder: string, artifacts: readonly Artifact[]): Promise<readonly string[]> {
  const known = new Set(artifacts.map(({ path }) => path));
  const owned = [
    ...docsFolders.map((place) => ({ place, kind: /\.(md|yaml|json)$/ })),
    ...siteFolders.map((place) => ({ place, kind: /\.(html|js|css|svg)$/ })),
  ];
  const there = await Promise.all(
    owned.map(async ({ place, kind }) => {
      const entries = await readdir(join(folder, place), { withFileTypes: true }).catch(() => []);
      const files = entries.filter((entry) => entry.isFile() && kind.test(entry.name));
      return files.map(({ name }) => posix.join(place, name));
    }),
  );
  return there.flat().filter((path) => !known.has(path));
}
