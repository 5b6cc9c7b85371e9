import type { CellId } from '../domain/cell.ts';
import type { Status } from '../domain/outcome.ts';
import type { Facts } from '../domain/result.ts';
import { outcomeOf, type Run } from '../domain/run.ts';
import { versionsIn } from '../domain/versions.ts';

/** What a run saw of a cell. */
export interface Sighting {
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  /** Missing: no verdict stands. */
  readonly status?: Status;
  readonly versions: Facts;
}

/** Since when a cell is red, as far as the runs at hand go back. */
export interface Since {
  readonly firstRed?: Sighting;
  /** The last green before it. */
  readonly lastGreen?: Sighting;
}

export function sightingOf(run: Run, cell: CellId): Sighting {
  const status = outcomeOf(run, cell)?.status;
  return { run: run.id, at: run.startedAt, ...(status && { status }), versions: versionsOf(run, cell) };
}

/** Packages of the machine, then what the cell itself recorded. */
export function versionsOf(run: Run, cell: CellId): Facts {
  const batch = run.plan.batches.find(({ cells }) => cells.some(({ id }) => id === cell));
  const shared = Object.entries((batch && run.batchFacts.get(batch.id)) ?? {});
  const packages = shared.filter(([key]) => key.startsWith('package.'));
  return { ...Object.fromEntries(packages), ...versionsIn(run.results.get(cell)?.facts ?? {}) };
}

/**
 * By sightings from the newest to the oldest. What came to no verdict neither begins nor ends a row of reds; nothing
 * before the last green is asked for.
 */
export async function sinceOf(sightings: AsyncIterable<Sighting>): Promise<Since> {
  let firstRed: Sighting | undefined;
  for await (const seen of sightings) {
    if (seen.status === 'failed') {
      firstRed = seen;
    } else if (seen.status === 'passed') {
      return { ...(firstRed && { firstRed }), lastGreen: seen };
    }
  }
  return firstRed ? { firstRed } : {};
}
