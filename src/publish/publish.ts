import { join } from 'node:path';
import { fewerThan } from '../domain/cell-count.ts';
import type { RunNote } from '../domain/evidence.ts';
import { type Matrix, matrixOf } from '../domain/matrix.ts';
import { evidenceOf } from '../domain/observe.ts';
import type { Run } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import { matrixText } from '../report/json.ts';
import type { Artifact } from '../report/report.ts';
import { publishedEvidence } from './published-evidence.ts';
import { withLock } from './with-lock.ts';
import { makeFolder, writeArtifacts } from './write-artifacts.ts';

export interface PublishOptions {
  /** Where matrix.json and the pages are. */
  readonly folder: string;
  /** What is written beside matrix.json. */
  readonly pages: (matrix: Matrix) => readonly Artifact[];
  /** ISO date that ages are counted to. */
  readonly today: string;
}

/**
 * Folds runs into what was published before, and writes all files or none; of two at once, one waits for the other. Throws a UserError for a run that was
 * modified by hand, and for an earlier matrix.json that can't be read.
 */
export async function publish(
  runs: readonly Run[],
  { folder, pages, today }: PublishOptions,
): Promise<Matrix & { readonly remarks: readonly string[] }> {
  const modified = runs.find((run) => run.modified.length > 0);
  if (modified) {
    throw new UserError(
      `cannot publish ${modified.id}: it was modified by hand (${modified.modified.join('; ')}); publish a run without that`,
    );
  }

  await makeFolder(folder);
  return withLock(join(folder, 'matrix.json.lock'), async () => {
    const earlier = (await publishedEvidence(join(folder, 'matrix.json')))?.evidence;
    const matrix = matrixOf(runs, { today, earlier });
    await writeArtifacts(folder, [{ path: 'matrix.json', text: matrixText(matrix) }, ...pages(matrix)]);
    const notes = [...(earlier?.runs ?? []), ...runs.flatMap((run) => evidenceOf(run).runs)];
    return { ...matrix, remarks: runs.flatMap(({ id }) => shrunken(id, notes) ?? []) };
  });
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
