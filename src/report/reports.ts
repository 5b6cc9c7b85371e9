import type { Run } from '../domain/run.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Artifact, Report } from './report.ts';

/** Every format a run can be reported in, by the word that `--format` takes. */
export const reports = { junit, markdown, json } as const satisfies Readonly<Record<string, Report>>;

export type Format = keyof typeof reports;

export const formats = Object.keys(reports) as readonly Format[];

export function isFormat(word: string): word is Format {
  return Object.hasOwn(reports, word);
}

/** The same run gives the same bytes, always. */
export function render(run: Run, wanted: readonly Format[] = formats): readonly Artifact[] {
  return wanted.flatMap((format) => reports[format](run));
}
