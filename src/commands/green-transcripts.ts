import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Run, replay } from '../domain/run.ts';
import { parseJournal } from '../journal/parse.ts';

/** Every line that a green cell of a run below this folder said, once. What can't be read says nothing. */
export async function greenTranscripts(runs: string): Promise<ReadonlySet<string>> {
  const lines = new Set<string>();
  for (const name of await namesIn(runs)) {
    const folder = join(runs, name);
    for (const file of filesOf(await runIn(folder))) {
      const text = await readFile(join(folder, file), 'utf8').catch(() => '');
      for (const line of text.split('\n')) {
        lines.add(line.replace(/^\[ *[\d.]+\] /, ''));
      }
    }
  }
  return lines;
}

/** The last attempts' transcripts of cells that are plainly green. */
function filesOf(run: Run | undefined): readonly string[] {
  return [...(run?.results ?? [])].flatMap(([id, { outcome, attempts }]) => {
    const isGreen = outcome?.status === 'passed' && !outcome.flaky;
    const last = attempts.at(-1);
    return isGreen && last ? [`cells/${id}/${last.number}/transcript.txt`] : [];
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).toSorted();
}

async function runIn(folder: string): Promise<Run | undefined> {
  try {
    return replay(parseJournal(await readFile(join(folder, 'journal.jsonl'), 'utf8')));
  } catch {
    return undefined;
  }
}
