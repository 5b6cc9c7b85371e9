import type { Cell } from './cell.ts';
import { whicheverKata } from './difference.ts';
import type { KataBuild } from './kata.ts';
import type { Run } from './run.ts';
import { needsKata } from './scenario.ts';

/** A run in which a cell was plainly green, and with what. */
export interface Green {
  readonly run: Run;
  /** Missing: the cell is not about Kata. */
  readonly kata?: KataBuild;
  /** Digest of the image; missing: the journal doesn't say. */
  readonly image?: string;
}

/** The Kata that a cell of a run has; undefined where it has none. */
export function kataOf({ plan: { katas = [] } }: Run, { scenario, kata }: Cell): KataBuild | undefined {
  return needsKata({ id: scenario }) ? katas.find(({ label }) => label === kata) : undefined;
}

/** Digest of the image that a cell of a run ran on; undefined where the journal doesn't say. */
export function imageOf(run: Run, cell: Cell): string | undefined {
  const batch = run.plan.batches.find(({ cells }) => cells.some(({ id }) => id === cell.id));
  const digest = batch && run.batchFacts.get(batch.id)?.['image.digest'];
  return digest === undefined ? undefined : String(digest);
}

/**
 * Where a cell was green before a run in which it is red, the newest first: whatever the Kata, and in that run itself with
 * another one. Runs whose machines somebody changed by hand count only where the red one was changed alike.
 */
export function greensBefore(red: Run, cell: Cell, runs: readonly Run[]): readonly Green[] {
  const before = runs
    .filter((one) => one.id !== red.id && one.startedAt < red.startedAt && isChangedAlike(one, red))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  return [red, ...before].flatMap((run) =>
    run.plan.batches
      .flatMap(({ cells }) => cells)
      .filter((one) => whicheverKata(one) === whicheverKata(cell) && isGreen(run, one))
      .map((one): Green => {
        const [kata, image] = [kataOf(run, one), imageOf(run, one)];
        return { run, ...(kata && { kata }), ...(image && { image }) };
      }),
  );
}

/** Whether nobody changed this run's machines by hand, unless those of the red one alike. */
export function isChangedAlike(one: Pick<Run, 'modified'>, red: Pick<Run, 'modified'>): boolean {
  return one.modified.every(
    (change) => /^--(kata|against|image) /.test(change) || red.modified.includes(change),
  );
}

/** Whether a cell was plainly green, on the first clone and without a doubt. */
export function isGreen(run: Run, { id }: Pick<Cell, 'id'>): boolean {
  const outcome = run.results.get(id)?.outcome;
  return outcome?.status === 'passed' && !outcome.flaky;
}
