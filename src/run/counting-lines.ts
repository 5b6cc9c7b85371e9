import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceLine } from '../domain/finding.ts';
import { oneLine } from '../domain/text.ts';
import { commandGoesOn } from './transcript.ts';

/** A file of a cell's that lines are read from. */
export interface Told {
  /** Below the run's folder. */
  readonly path: string;
  readonly text: string;
}

/** The files in which a cell's machine and its programs speak. A console only where the machine said nothing itself. */
const spoken = ['transcript.txt', 'journal.txt', 'kernel.txt'];

/** Of each cell, the last of the lines that count. */
const mostLines = 1000;
/** Of a line: what is longer says no more. */
const mostCharacters = 600;

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

/**
 * Lines that speak for a failure: said in the cell's time, by its own machine or programs, and in no file of `others`,
 * whatever numbers and ids stand in them. What a security module would have denied, had it enforced, is none. Pure.
 */
export function countingLines(own: readonly Told[], others: readonly Told[]): readonly EvidenceLine[] {
  const usual = new Set(others.flatMap(({ text }) => text.split('\n').map(shapeOf)));
  const lines = own.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ file: path, line: index + 1, text: line }))
      .filter(({ text: line }) => line.trim() !== '' && isSaid(path, line) && !usual.has(shapeOf(line))),
  );
  return lines.slice(-mostLines).map((one) => ({ ...one, text: oneLine(one.text, mostCharacters) }));
}

/** The farm's own way into the machine. */
const farmsOwn = /^\S+ \S+ (sshd(-session)?|systemd-logind)\[\d+\]: /;

/** Neither a command nor the farm's own word or doing, nor what was let pass. */
function isSaid(path: string, line: string): boolean {
  const isOurs =
    path.endsWith('transcript.txt') && (/^\[ *\d+\.\d\] /.test(line) || line.startsWith(commandGoesOn));
  return !isOurs && !farmsOwn.test(line) && !/\bpermissive=1\b|apparmor="ALLOWED"/.test(line);
}

/** A line without its time, its host, and all that differs from one run of the same to the next. */
function shapeOf(line: string): string {
  return line
    .replace(/^\d{4}-\d\d-\d\dT\S+ \S+ /, '')
    .replace(/^\[ *\d+\.\d+\] /, '')
    .replaceAll(/\b(?=[0-9a-f-]*\d)[0-9a-f]{6,}(?:-[0-9a-f]+)*\b/gi, '#')
    .replaceAll(/\d+/g, '#')
    .trim();
}
