import { access, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Status } from '../domain/outcome.ts';
import type { Run } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import type { Context } from './context.ts';
import { findRun, runsFolder } from './find-run.ts';
import type { Listing } from './listing.ts';

type Counts = Readonly<Partial<Record<Status, number>>>;

/** A run as its journal tells it, or why that journal can't be read. */
type Line =
  | { readonly id: string; readonly startedAt: string; readonly ended: boolean; readonly cells: Counts }
  | { readonly id: string; readonly unreadable: string };

/** Every folder below `out` that holds a journal, newest first; those that can't be read come last. */
export async function listRuns(out: string | undefined, context: Context): Promise<Listing> {
  const folder = out ? resolve(context.cwd, out) : runsFolder(context);
  const names = await readdir(folder).catch(() => []);
  const lines = (await Promise.all(names.map((name) => lineOf(name, folder, context)))).flat();
  const value = lines.toSorted((a, b) => ageOf(b).localeCompare(ageOf(a)));

  return {
    value,
    head: ['run', 'started', 'cells'],
    rows: value.map((line) =>
      'unreadable' in line
        ? [line.id, '', line.unreadable]
        : [line.id, line.startedAt, cellsText(line.cells) + (line.ended ? '' : ' (not ended)')],
    ),
  };
}

async function lineOf(name: string, folder: string, context: Context): Promise<readonly Line[]> {
  const isRun = await access(join(folder, name, 'journal.jsonl')).then(
    () => true,
    () => false,
  );
  if (!isRun) {
    return [];
  }

  try {
    const { run } = await findRun(context, name, folder);
    const { startedAt, endedAt } = run;
    return [{ id: name, startedAt, ended: endedAt !== undefined, cells: countsOf(run) }];
  } catch (error) {
    if (error instanceof UserError) {
      return [{ id: name, unreadable: error.message }];
    }
    throw error;
  }
}

/** What the planner skipped counts, though no machine ever heard of it. */
function countsOf({ results, plan }: Run): Counts {
  const statuses = [...results.values()].flatMap(({ outcome }) => outcome?.status ?? []);
  const counts = Object.fromEntries(
    [...Map.groupBy(statuses, (status) => status)].map(([status, all]) => [status, all.length]),
  );
  const skipped = (counts['skipped'] ?? 0) + plan.skipped.length;
  return { ...counts, ...(skipped > 0 && { skipped }) };
}

const order = ['passed', 'failed', 'errored', 'blocked', 'skipped'] as const satisfies readonly Status[];

function cellsText(counts: Counts): string {
  const words = order.filter((status) => counts[status]).map((status) => `${counts[status]} ${status}`);
  return words.join(', ') || 'none yet';
}

function ageOf(line: Line): string {
  return 'startedAt' in line ? line.startedAt : '';
}
