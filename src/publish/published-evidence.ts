import { readFile } from 'node:fs/promises';
import type { Evidence } from '../domain/evidence.ts';
import { UserError } from '../errors.ts';
import { MATRIX_VERSION } from '../report/json.ts';

/** What was published before, and the day its words are of. */
export interface Published {
  readonly evidence: Evidence;
  /** ISO date; missing in a file that some other hand wrote. */
  readonly asOf?: string;
}

/** Reads a matrix.json; undefined where there is none. Throws a UserError for one that can't be added to. */
export async function publishedEvidence(path: string): Promise<Published | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined;
    }
    throw error;
  }
  return parseMatrix(text, path);
}

function parseMatrix(text: string, path: string): Published {
  let file: {
    readonly version?: unknown;
    readonly asOf?: unknown;
    readonly evidence?: Partial<Evidence>;
  } | null;
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
  const { asOf } = file ?? {};
  const evidence = { runs, observations, ...beside };
  return { evidence, ...(typeof asOf === 'string' && { asOf }) };
}
