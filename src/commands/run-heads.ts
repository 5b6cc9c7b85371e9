import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Context } from './context.ts';
import { type FoundRun, findRun } from './find-run.ts';

/** What the first line of a journal says: enough to know whether the rest is worth reading. */
export interface Head {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  readonly cells: readonly string[];
  /** What somebody changed by hand in it from its beginning on. */
  readonly modified: readonly string[];
}

/** Of every run below a folder, newest first. */
export async function headsIn(folder: string): Promise<readonly Head[]> {
  const names = await readdir(folder).catch(() => []);
  const heads = await Promise.all(names.map((name) => headOf(folder, name)));
  return heads.flatMap((head) => head ?? []).toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

async function headOf(folder: string, name: string): Promise<Head | undefined> {
  try {
    await using journal = await open(join(folder, name, 'journal.jsonl'));
    for await (const line of journal.readLines()) {
      const { run, at, plan, modified } = JSON.parse(line);
      const planned = plan.batches.flatMap(({ cells }: { cells: { id: string }[] }) => cells);
      const skipped = plan.skipped.map(({ cell }: { cell: { id: string } }) => cell);
      const cells = [...planned, ...skipped].map(({ id }) => String(id));
      return { id: run, name, at, cells, modified: modified ?? [] };
    }
    return undefined;
  } catch {
    // No folder of a run's, or a journal that can't be read: it knows no cell.
    return undefined;
  }
}

/** The runs that planned a cell, in the order of `heads`, after `first`; one that can't be read is said and left out. */
export async function* readBackwards(
  context: Pick<Context, 'cwd' | 'err'>,
  cell: string,
  heads: readonly Head[],
  folder: string,
  first?: FoundRun,
): AsyncGenerator<FoundRun> {
  if (first) {
    yield first;
  }
  for (const { name, cells } of heads) {
    if (!cells.includes(cell)) {
      continue;
    }
    try {
      yield await findRun(context, join(folder, name), folder);
    } catch (error) {
      if (!(error instanceof UserError)) {
        throw error;
      }
      context.err(`katafarm: left out: ${error.message}\n`);
    }
  }
}
