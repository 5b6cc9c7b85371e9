import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chronicleIn } from '../domain/chronicle-begun.ts';
import { exhibited } from '../domain/exhibit.ts';
import { matrixOf } from '../domain/matrix.ts';
import { UserError } from '../errors.ts';
import { readChronicle } from './chronicle-store.ts';
import { exhibitArtifacts, readExhibits } from './exhibit-store.ts';
import { newsOf } from './news.ts';
import type { Pages } from './publish.ts';
import { publishedEvidence } from './published-evidence.ts';
import { strangers } from './strangers.ts';
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
 * Writes the pages of a published folder anew, from its own matrix.json and history and as of that matrix's day: all of
 * them or none, and only those that change. Neither the matrix nor history is written. `dry`: says what would be done.
 * Throws a UserError where there is no matrix.json.
 */
export async function document(
  folder: string,
  pages: Pages,
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
    const stored = await readChronicle(folder);
    const chronicle = stored.runs.length === 0 ? chronicleIn(published.evidence) : stored;
    const shown = exhibitArtifacts(await readExhibits(folder), exhibited(matrix.evidence));
    const artifacts = pages(matrix, chronicle, shown.exhibits);
    const changed = await newsOf(folder, artifacts);
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
