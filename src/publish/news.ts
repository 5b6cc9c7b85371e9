import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../report/report.ts';

/** So many files are open at a time. */
const together = 32;

/** Of these artifacts, those that are not below the folder byte for byte: what hasn't changed need not be written. */
export async function newsOf(folder: string, artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
  const news: Artifact[] = [];
  for (let begin = 0; begin < artifacts.length; begin += together) {
    const some = artifacts.slice(begin, begin + together);
    const there = await Promise.all(
      some.map(({ path }) => readFile(join(folder, path), 'utf8').catch(() => undefined)),
    );
    news.push(...some.filter(({ text }, index) => there[index] !== text));
  }
  return news;
}
