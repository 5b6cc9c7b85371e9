import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countingLines as linesThatCount } from '../diagnose/lines.ts';
import type { EvidenceLine } from '../domain/finding.ts';
import { commandGoesOn } from './transcript.ts';

/** A file of a cell's that lines are read from. */
export interface Told {
  /** Below the run's folder. */
  readonly path: string;
  readonly text: string;
}

/** The files in which a cell's machine and its programs speak. A console only where the machine said nothing itself. */
const spoken = ['transcript.txt', 'journal.txt', 'kernel.txt'];

/** Reads what a cell's last attempt left, of its files below the run's folder. */
export async function toldBy(folder: string, files: readonly string[]): Promise<readonly Told[]> {
  const attempts = files.filter((path) => /\/\d+\/[^/]+$/.test(path));
  const last = attempts.at(-1)?.split('/').slice(0, -1).join('/');
  const own = attempts.filter((path) => path.startsWith(`${last}/`));
  const named = (name: string) => own.filter((path) => path === `${last}/${name}`);
  const speaking = spoken.flatMap(named);
  const isDumb = [...named('journal.txt'), ...named('kernel.txt')].length === 0;
  const paths = isDumb ? [...speaking, ...named('console.log')] : speaking;
  return await Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8').catch(() => '') })),
  );
}

/** Lines of these files that speak for a failure, where no file of `others` has the same. Pure. */
export function countingLines(own: readonly Told[], others: readonly Told[]): readonly EvidenceLine[] {
  const said = own.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ file: path, line: index + 1, text: line }))
      .filter((line) => isSaid(path, line.text)),
  );
  return linesThatCount(
    said,
    others.flatMap(({ text }) => text.split('\n')),
  );
}

/** The farm's own way into the machine. */
const farmsOwn = /^\S+ \S+ (sshd(-session)?|systemd-logind)\[\d+\]: /;

/** Neither a command nor the farm's own word or doing. */
function isSaid(path: string, line: string): boolean {
  const isOurs =
    path.endsWith('transcript.txt') && (/^\[ *\d+\.\d\] /.test(line) || line.startsWith(commandGoesOn));
  return !isOurs && !farmsOwn.test(line);
}
