import { join } from 'node:path';
import { type Exhibit, type FreshExhibit, keyOfExhibit } from '../domain/exhibit.ts';
import { UserError } from '../errors.ts';
import { isFileName } from '../report/file-name.ts';
import type { Artifact } from '../report/report.ts';
import { textOf } from './text-of.ts';

/** Of the folder `evidence/` below the published one. */
export const EXHIBITS_VERSION = 1;

const index = 'evidence/index.jsonl';

/**
 * The exhibits of a published folder, with their texts; none where it has none. Throws a UserError with the line for
 * an index that is damaged, or of a version that this katafarm doesn't know.
 */
export async function readExhibits(folder: string): Promise<readonly FreshExhibit[]> {
  return Promise.all(
    (await readIndex(folder)).map(async ({ file, ...exhibit }) => {
      const text = file === undefined ? undefined : await textOf(join(folder, file));
      return { ...exhibit, ...(text !== undefined && { text }) };
    }),
  );
}

/**
 * The exhibits as they are published, of those whose keys are given: of one red the last that is told. A cell's newest red
 * has the plain name, so that it can be linked to.
 */
export function exhibitArtifacts(
  all: readonly FreshExhibit[],
  keys: ReadonlySet<string>,
): { readonly exhibits: readonly Exhibit[]; readonly artifacts: readonly Artifact[] } {
  const last = new Map(all.map((one) => [keyOfExhibit(one), one]));
  const kept = [...last].filter(([key, { cell }]) => keys.has(key) && isCell(cell)).map(([, one]) => one);
  const ordered = kept.toSorted((a, b) => compare(a.cell, b.cell) || compare(b.run, a.run));
  const placed = ordered.map(({ text, ...exhibit }, at) => {
    const isNewest = ordered[at - 1]?.cell !== exhibit.cell;
    const file = placeOf(exhibit, isNewest);
    return text === undefined ? { exhibit } : { exhibit: { ...exhibit, file }, text: { path: file, text } };
  });
  const exhibits = placed.map(({ exhibit }) => exhibit);
  const head = { katafarm: 'evidence', version: EXHIBITS_VERSION };
  const lines = [head, ...exhibits].map((line) => `${JSON.stringify(line)}\n`).join('');
  const texts = placed.flatMap(({ text }) => text ?? []);
  return { exhibits, artifacts: [{ path: index, text: lines }, ...texts] };
}

/** What the index of a published folder says. */
async function readIndex(folder: string): Promise<readonly Exhibit[]> {
  const path = join(folder, index);
  const told = await textOf(path);
  if (told === undefined) {
    return [];
  }
  const [head, ...rest] = told.split('\n').flatMap((line, at) => {
    return line === '' ? [] : [parsed(line, `${path}:${at + 1}`)];
  });
  if (head?.value['katafarm'] !== 'evidence' || head.value['version'] !== EXHIBITS_VERSION) {
    throw damaged(`${path}:1`, `it is not evidence of version ${EXHIBITS_VERSION}`);
  }
  return rest.map(exhibitIn);
}

interface Line {
  readonly place: string;
  readonly value: Readonly<Record<string, unknown>>;
}

function parsed(line: string, place: string): Line {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) {
      return { place, value: value as Line['value'] };
    }
  } catch {
    // Said below, as for any other value.
  }
  throw damaged(place, 'the line is no JSON object');
}

function exhibitIn({ place, value }: Line): Exhibit {
  const { cell, run, because, evidence, file } = value as Partial<Record<keyof Exhibit, unknown>>;
  const isTold =
    typeof cell === 'string' &&
    isCell(cell) &&
    typeof run === 'string' &&
    isTexts(because) &&
    isLines(evidence);
  if (!isTold || (file !== undefined && !(typeof file === 'string' && isPlace(file)))) {
    throw damaged(place, 'it is no exhibit of a red: cell, run, because, evidence, file');
  }
  return { cell, run, because, evidence, ...(file !== undefined && { file }) };
}

const isTexts = (value: unknown): value is Exhibit['because'] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const isLines = (value: unknown): value is Exhibit['evidence'] =>
  Array.isArray(value) &&
  value.every(
    (one) => typeof one?.file === 'string' && typeof one.line === 'number' && typeof one.text === 'string',
  );

/** Ids travel, and these become names of files. */
const isCell = (id: string) => id.split('/').length === 3 && id.split('/').every(isFileName);
const isPlace = (file: string) => {
  const [folder, ...names] = file.split('/');
  return folder === 'evidence' && names.length === 2 && names.every(isFileName) && file.endsWith('.txt');
};

function placeOf({ cell, run }: Pick<Exhibit, 'cell' | 'run'>, isNewest: boolean): string {
  const [release, ...rest] = cell.split('/');
  return `evidence/${release}/${rest.join('.')}${isNewest ? '' : `.${run}`}.txt`;
}

const damaged = (place: string, what: string) =>
  new UserError(
    `cannot read ${place}: ${what}; restore evidence/ from version control, or delete it to go on without`,
  );

// Not localeCompare: the order must not depend on where it is written.
function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
