import { access, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Matrix, matrixOf } from '../domain/matrix.ts';
import { UserError } from '../errors.ts';
import { docsFolders } from '../report/docs/docs.ts';
import type { Artifact } from '../report/report.ts';
import { publishedEvidence } from './published-evidence.ts';
import { withLock } from './with-lock.ts';
import { writeArtifacts } from './write-artifacts.ts';

/** What came of writing the pages: paths below the folder. */
export interface Documented {
  readonly total: number;
  readonly changed: readonly string[];
  /** Pages of releases that are no longer described. */
  readonly removed: readonly string[];
}

/**
 * Writes the pages of a published folder anew, from its own matrix.json and as of that matrix's day: all of them or none,
 * and only those that change. `dry`: says what would be done. Throws a UserError where there is no matrix.json.
 */
export async function document(
  folder: string,
  pages: (matrix: Matrix) => readonly Artifact[],
  { dry }: { readonly dry: boolean },
): Promise<Documented> {
  const path = join(folder, 'matrix.json');
  const work = async () => {
    const published = await publishedEvidence(path);
    if (!published?.asOf) {
      throw new UserError(
        `cannot read ${path}: there is none, or it has no day; publish a run first: katafarm publish RUN`,
      );
    }
    const matrix = matrixOf([], { today: published.asOf, earlier: published.evidence });
    const artifacts = pages(matrix);
    const changed = (await Promise.all(artifacts.map((one) => isNews(folder, one)))).flat();
    const removed = await strangers(folder, artifacts);
    if (!dry) {
      await writeArtifacts(folder, changed);
      await Promise.all(removed.map((one) => rm(join(folder, one))));
    }
    return { total: artifacts.length, changed: changed.map((one) => one.path), removed };
  };
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return dry || !isThere ? work() : withLock(`${path}.lock`, work);
}

async function isNews(folder: string, artifact: Artifact): Promise<readonly Artifact[]> {
  const there = await readFile(join(folder, artifact.path), 'utf8').catch(() => undefined);
  return there === artifact.text ? [] : [artifact];
}

/** Files in the pages' own folders that are no pages any more. */
async function strangers(folder: string, artifacts: readonly Artifact[]): Promise<readonly string[]> {
  const known = new Set(artifacts.map(({ path }) => path));
  const there = await Promise.all(
    docsFolders.map(async (one) => {
      const names = await readdir(join(folder, one)).catch(() => []);
      return names.map((name) => `${one}/${name}`);
    }),
  );
  return there.flat().filter((path) => /\.(md|yaml|json)$/.test(path) && !known.has(path));
}
