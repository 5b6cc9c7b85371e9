import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fewerThan } from '../domain/cell-count.ts';
import type { Evidence, RunNote } from '../domain/evidence.ts';
import { type Matrix, matrixOf } from '../domain/matrix.ts';
import { evidenceOf } from '../domain/observe.ts';
import type { Run } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import { MATRIX_VERSION, matrixText } from '../report/json.ts';
import { supportPage } from '../report/support-page.ts';
import { withLock } from './with-lock.ts';
import { makeFolder, writeArtifacts } from './write-artifacts.ts';

export interface PublishOptions {
  /** Where SUPPORT.md and matrix.json are. */
  readonly folder: string;
  /** ISO date that ages are counted to. */
  readonly today: string;
}

/**
 * Folds runs into what was published before, and writes both files or neither; of two at once, one waits for the other. Throws a UserError for a run that was
 * modified by hand, and for an earlier matrix.json that can't be read.
 */
export async function publish(
  runs: readonly Run[],
  { folder, today }: PublishOptions,
): Promise<Matrix & { readonly remarks: readonly string[] }> {
  const modified = runs.find((run) => run.modified.length > 0);
  if (modified) {
    throw new UserError(
      `cannot publish ${modified.id}: it was modified by hand (${modified.modified.join('; ')}); publish a run without that`,
    );
  }

  await makeFolder(folder);
  return withLock(join(folder, 'matrix.json.lock'), async () => {
    const earlier = await publishedEvidence(join(folder, 'matrix.json'));
    const matrix = matrixOf(runs, { today, earlier });
    await writeArtifacts(folder, [
      { path: 'matrix.json', text: matrixText(matrix) },
      { path: 'SUPPORT.md', text: supportPage(matrix) },
    ]);
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

async function publishedEvidence(path: string): Promise<Evidence | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  return parseMatrix(text, path);
}

function parseMatrix(text: string, path: string): Evidence {
  let file: { readonly version?: unknown; readonly evidence?: Partial<Evidence> } | null;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`cannot add to ${path}: it is not JSON; restore it from version control`, { cause });
  }

  if (file?.version !== MATRIX_VERSION) {
    throw new UserError(
      `cannot add to ${path}: it is of version ${String(file?.version)}, and this katafarm knows version ${MATRIX_VERSION}`,
    );
  }
  const { runs, observations, ...beside } = file.evidence ?? {};
  if (!Array.isArray(runs) || !Array.isArray(observations)) {
    throw new UserError(`cannot add to ${path}: its evidence is missing; restore it from version control`);
  }
  return { runs, observations, ...beside };
}
