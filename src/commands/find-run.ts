import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Run, replay } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import { parseJournal } from '../journal/parse.ts';
import { katafarmOf } from '../report/words.ts';
import type { Context } from './context.ts';

export interface FoundRun {
  readonly folder: string;
  readonly run: Run;
  /** Of the journal as it was read. */
  readonly bytes: number;
}

/** Where `run` puts runs, unless somebody says otherwise. */
export function runsFolder({ cwd, env }: Pick<Context, 'cwd' | 'env'>): string {
  return resolve(cwd, env['KATAFARM_OUT'] || 'reports/runs');
}

/**
 * Finds a run by its id below `outFolder`, or by a path: of its folder or of its journal. Throws a UserError where
 * there is none, naming the newest that are there, and for a journal that can't be read.
 */
export async function findRun(
  context: Pick<Context, 'cwd'>,
  ref: string,
  outFolder: string,
): Promise<FoundRun> {
  const here = resolve(context.cwd, ref);
  const candidates = [join(outFolder, ref, 'journal.jsonl'), join(here, 'journal.jsonl'), here];

  for (const journal of candidates) {
    if (await isFile(journal)) {
      const text = await readFile(journal, 'utf8');
      return { folder: dirname(journal), run: loadRun(text, journal), bytes: Buffer.byteLength(text) };
    }
  }

  const newest = await newestRuns(outFolder);
  const hint =
    newest.length > 0
      ? `the newest are ${newest.join(', ')}`
      : `there is none yet: make one with ${katafarmOf(['run'])}`;
  throw new UserError(`cannot find run ${ref}: it is neither an id below ${outFolder} nor a path; ${hint}`);
}

function loadRun(text: string, journal: string): Run {
  const entries = parseJournal(text, journal);
  const [head] = entries;
  if (head?.type !== 'run-started') {
    throw new UserError(`cannot read ${journal}: it does not begin with the start of a run`);
  }
  // Journals travel, and the id becomes a folder's name.
  if (!/^\w[\w.+@~-]*$/.test(head.run)) {
    throw new UserError(`cannot read ${journal}: ${JSON.stringify(head.run)} is no run's id`);
  }
  return replay(entries);
}

async function newestRuns(outFolder: string): Promise<readonly string[]> {
  const names = await readdir(outFolder).catch(() => []);
  const runs = await Promise.all(
    names.map(async (name) => ({ name, at: await changedAt(join(outFolder, name, 'journal.jsonl')) })),
  );
  return runs
    .filter(({ at }) => at > 0)
    .toSorted((a, b) => b.at - a.at || (basename(a.name) < basename(b.name) ? 1 : -1))
    .slice(0, 5)
    .map(({ name }) => name);
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
