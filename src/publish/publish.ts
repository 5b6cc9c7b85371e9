import { join } from 'node:path';
import { fewerThan } from '../domain/cell-count.ts';
import type { Chronicle } from '../domain/chronicle.ts';
import { chronicleIn } from '../domain/chronicle-begun.ts';
import { mergeChronicles } from '../domain/chronicle-merge.ts';
import { chronicleOf } from '../domain/chronicle-of.ts';
import type { RunNote } from '../domain/evidence.ts';
import { type Exhibit, exhibited, type FreshExhibit } from '../domain/exhibit.ts';
import { type Matrix, matrixOf } from '../domain/matrix.ts';
import { evidenceOf } from '../domain/observe.ts';
import { outcomeOf, type Run } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import { matrixText } from '../report/json.ts';
import type { Artifact } from '../report/report.ts';
import { chronicleArtifacts, readChronicle } from './chronicle-store.ts';
import { exhibitArtifacts, readExhibits } from './exhibit-store.ts';
import { newsOf } from './news.ts';
import { removeOldExhibits } from './old-exhibits.ts';
import { publishedEvidence } from './published-evidence.ts';
import { withLock } from './with-lock.ts';
import { makeFolder, writeArtifacts } from './write-artifacts.ts';

export interface PublishOptions {
  /** Where matrix.json and the pages are. */
  readonly folder: string;
  /** What is written beside matrix.json and `history/`. */
  readonly pages: Pages;
  /** ISO date that ages are counted to. */
  readonly today: string;
  /** Other folders' histories, which are folded in as well. */
  readonly histories?: readonly Chronicle[];
  /** What the runs' folders show of their reds. */
  readonly exhibits?: readonly FreshExhibit[];
}

/** What people read, of what was published, of how it came out night after night, and of what its reds left. */
export type Pages = (
  matrix: Matrix,
  chronicle: Chronicle,
  exhibits: readonly Exhibit[],
) => readonly Artifact[];

export interface PublishedMatrix extends Matrix {
  /** Something may be missing. */
  readonly remarks: readonly string[];
  /** How many runs history knows; `begun`: there was none before, and so many of them are what the matrix still told. */
  readonly history: { readonly runs: number; readonly begun?: number };
}

/**
 * Folds runs into what was published before, and writes all files or none; of two at once, one waits for the other. Throws a UserError for a run that was
 * modified by hand, for a shard that was not merged, and for an earlier matrix.json that can't be read.
 */
export async function publish(
  runs: readonly Run[],
  { folder, pages, today, histories = [], exhibits: fresh = [] }: PublishOptions,
): Promise<PublishedMatrix> {
  const modified = runs.find((run) => run.modified.length > 0);
  if (modified) {
    throw new UserError(
      `cannot publish ${modified.id}: it was modified by hand (${modified.modified.join('; ')}); publish a run without that`,
    );
  }

  const shard = runs.find((run) => run.part);
  if (shard?.part) {
    const { index, of } = shard.part;
    throw new UserError(
      `cannot publish ${shard.id}: it is shard ${index} of ${of}, and the run that it is put together as would count it once more; put them together: katafarm merge, which takes a lone one as well`,
    );
  }

  await makeFolder(folder);
  return withLock(join(folder, 'matrix.json.lock'), async () => {
    const earlier = (await publishedEvidence(join(folder, 'matrix.json')))?.evidence;
    const matrix = matrixOf(runs, { today, earlier });
    const stored = await readChronicle(folder);
    const isNew = stored.runs.length === 0;
    const before = isNew && earlier ? chronicleIn(earlier) : stored;
    const chronicle = mergeChronicles([before, ...histories, chronicleOf(runs)]);
    const shown = exhibitArtifacts([...(await readExhibits(folder)), ...fresh], exhibited(matrix.evidence));
    const artifacts = [
      { path: 'matrix.json', text: matrixText(matrix) },
      ...chronicleArtifacts(chronicle),
      ...shown.artifacts,
      ...pages(matrix, chronicle, shown.exhibits),
    ];
    await writeArtifacts(folder, await newsOf(folder, artifacts));
    await removeOldExhibits(folder, shown.artifacts);

    const notes = [...(earlier?.runs ?? []), ...runs.flatMap((run) => evidenceOf(run).runs)];
    const remarks = runs.flatMap((run) => [...cutShort(run), ...[shrunken(run.id, notes) ?? []].flat()]);
    const history = { runs: chronicle.runs.length, ...(isNew && { begun: before.runs.length }) };
    return { ...matrix, remarks, history };
  });
}

/** Of a run that did not come to its end: what it lacks stands as missing. */
function cutShort(run: Run): readonly string[] {
  const missing = run.plan.batches.flatMap(({ cells }) => cells).filter(({ id }) => !outcomeOf(run, id));
  return missing.length > 0 ? [`${run.id} was cut short: ${missing.length} of its cells came to no end`] : [];
}

/** Whether a run came to far fewer verdicts than the last one before it by the same command. */
function shrunken(id: string, notes: readonly RunNote[]): string | undefined {
  const own = notes.findLast((note) => note.id === id);
  const sameAs = (note: RunNote) => JSON.stringify(note.command) === JSON.stringify(own?.command);
  const before = notes
    .filter((note) => note.id !== id && own && note.startedAt < own.startedAt && sameAs(note))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
    .at(-1);
  return own?.executed === undefined || before?.executed === undefined
    ? undefined
    : fewerThan({ id, executed: own.executed }, { id: before.id, executed: before.executed });
}
