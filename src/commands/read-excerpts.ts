import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { EvidenceLine } from '../domain/finding.ts';
import type { Excerpt, ExcerptLine } from '../report/excerpt.ts';

/** Lines before and after one that speaks. */
const around = 3;
/** A finding with more lines than that is not read to its end by anybody. */
const most = 12;
/** Of a transcript. */
const lastLines = 12;
const mostBytes = 64 * 2 ** 20;

/** The lines that speak for a finding, in their files; those that stand near each other together. */
export async function readExcerpts(
  folder: string,
  evidence: readonly EvidenceLine[],
): Promise<readonly Excerpt[]> {
  const files = Map.groupBy(evidence.slice(0, most), ({ file }) => file);
  const read = [...files].map(async ([file, lines]) => {
    const text = await textBelow(folder, file);
    return typeof text === 'string'
      ? inContext(file, text.split('\n'), lines)
      : [bare(file, lines, text.missing)];
  });
  return (await Promise.all(read)).flat();
}

/** The last lines of a file; undefined where it can't be read or is empty. */
export async function readTail(folder: string, file: string): Promise<Excerpt | undefined> {
  const text = await textBelow(folder, file);
  if (typeof text !== 'string' || text.trim() === '') {
    return undefined;
  }
  const all = text.trimEnd().split('\n');
  const from = Math.max(0, all.length - lastLines);
  return {
    file,
    lines: all.slice(from).map((line, index) => ({ number: from + index + 1, text: line, speaks: false })),
  };
}

/** A file of the run's own. Journals travel: none of them names a file of somebody else's. */
export async function textBelow(
  folder: string,
  file: string,
): Promise<string | { readonly missing: string }> {
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, file));
    if (!path.startsWith(root + sep)) {
      return { missing: "the file is not one of the run's" };
    }
    const { size } = await stat(path);
    return size > mostBytes ? { missing: 'the file is too long to be shown' } : await readFile(path, 'utf8');
  } catch {
    return { missing: 'the file is not there any more' };
  }
}

function bare(file: string, evidence: readonly EvidenceLine[], missing: string): Excerpt {
  const lines = evidence.map(({ line, text }) => ({ number: line, text, speaks: true }));
  return { file, lines, missing };
}

function inContext(
  file: string,
  all: readonly string[],
  evidence: readonly EvidenceLine[],
): readonly Excerpt[] {
  const [there, moved] = [true, false].map((is) =>
    evidence.filter(({ line, text }) => says(all[line - 1], text) === is),
  ) as [EvidenceLine[], EvidenceLine[]];
  const speaking = new Set(there.map(({ line }) => line));
  const shown = [...speaking]
    .flatMap((line) => Array.from({ length: 2 * around + 1 }, (_, index) => line - around + index))
    .filter((line) => line >= 1 && line <= all.length && !(line === all.length && all[line - 1] === ''));

  const groups: ExcerptLine[][] = [];
  for (const number of [...new Set(shown)].toSorted((a, b) => a - b)) {
    const last = groups.at(-1);
    const line = { number, text: all[number - 1] ?? '', speaks: speaking.has(number) };
    if (last?.at(-1)?.number === number - 1) {
      last.push(line);
    } else {
      groups.push([line]);
    }
  }
  return [
    ...groups.map((lines) => ({ file, lines })),
    ...(moved.length > 0 ? [bare(file, moved, 'the file says something else there now')] : []),
  ];
}

/** What is told of a line may have been cut, or its control characters left out. */
function says(line: string | undefined, text: string): boolean {
  const letters = (one: string) => one.replaceAll(/[^\p{L}\p{N}]/gu, '');
  return line !== undefined && letters(line).includes(letters(text.replace(/…$/, '')));
}
