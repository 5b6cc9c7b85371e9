import type { CellId } from './cell.ts';
import type { History, LastVerdict } from './history.ts';
import type { Batch, BatchId, PlannedCell } from './plan.ts';

/** The digest of the image that a batch would run on now, where that is known before it is made. */
export type DigestOf = (batch: BatchId) => string | undefined;

/**
 * What may bring news goes first: releases that are not all green, or not tested yet, or that changed since; then
 * those whose verdicts are the oldest. What is alike stays in the plan's order, so that equal histories give equal runs.
 */
export function orderBatches(
  batches: readonly Batch[],
  history: History,
  digestOf: DigestOf = () => undefined,
): readonly Batch[] {
  const ranked = batches.map((batch, index) => ({
    batch,
    index,
    since: greenSince(batch, history, digestOf),
  }));
  const byAge = (a: string, b: string) => Number(a > b) - Number(a < b);
  return ranked.sort((a, b) => byAge(a.since, b.since) || a.index - b.index).map(({ batch }) => batch);
}

/**
 * How far in front each batch is in that order; higher is further. Those that may bring news are level: among them what
 * takes longest is best begun first.
 */
export function ranksOf(
  batches: readonly Batch[],
  history: History,
  digestOf: DigestOf = () => undefined,
): ReadonlyMap<BatchId, number> {
  const ordered = orderBatches(batches, history, digestOf);
  return new Map(
    ordered.map((batch, index) => {
      const hasAny = greenSince(batch, history, digestOf) === '';
      return [batch.id, ordered.length - (hasAny ? 0 : index)];
    }),
  );
}

/** Whether a cell goes before its equals: its last verdict is no plain green, or its image has changed since. */
export function hasNews(verdict: LastVerdict | undefined, digest: string | undefined): boolean {
  if (!verdict) {
    return true;
  }
  const isGreen = (verdict.status === 'passed' && !verdict.flaky) || verdict.status === 'skipped';
  const isChanged = digest !== undefined && verdict.digest !== undefined && digest !== verdict.digest;
  return !isGreen || isChanged;
}

/** When the oldest of a batch's verdicts was given, `''` where any of its cells has news. */
function greenSince(batch: Batch, history: History, digestOf: DigestOf): string {
  const verdicts = history.verdicts.get(batch.id);
  const digest = digestOf(batch.id);
  let oldest: string | undefined;
  for (const { id } of batch.cells) {
    const verdict = verdicts?.get(id);
    if (!verdict || hasNews(verdict, digest)) {
      return '';
    }
    oldest = oldest === undefined || verdict.at < oldest ? verdict.at : oldest;
  }
  return oldest ?? '';
}

/** With fewer clones than this, trying one before the others takes longer than it can save. */
const worthACanary = 3;

/**
 * The clone that is tried before its batch's other clones, so that a release that is broken altogether costs one
 * machine and its confirmation, and not one of each for every cell. It is the one that most others rest on, by however
 * many steps: its red blocks the most. It rests on no cold boot, as it would have to wait for one. Where none is rested
 * on, it is the first in plan order, which begins with the host's own and plainest scenarios.
 */
export function canaryOf({ cells }: Batch): PlannedCell | undefined {
  const clones = cells.filter(({ machine }) => machine === 'clone');
  if (clones.length < worthACanary) {
    return undefined;
  }
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const above = new Map<CellId, ReadonlySet<CellId>>();
  const restsOn = (cell: PlannedCell): ReadonlySet<CellId> => {
    const known = above.get(cell.id);
    if (known) {
      return known;
    }
    // Set before it is known, so that a circle comes to an end.
    above.set(cell.id, new Set());
    const all = cell.restsOn.flatMap((id) => {
      const control = byId.get(id);
      return control ? [id, ...restsOn(control)] : [id];
    });
    above.set(cell.id, new Set(all));
    return above.get(cell.id) ?? new Set();
  };

  const count = new Map<CellId, number>();
  for (const id of cells.flatMap((cell) => [...restsOn(cell)])) {
    count.set(id, (count.get(id) ?? 0) + 1);
  }
  const isWarm = (cell: PlannedCell) => [...restsOn(cell)].every((id) => byId.get(id)?.machine === 'clone');
  const warm = clones.filter(isWarm);
  const [first, ...others] = warm.length > 0 ? warm : clones;
  const countOf = ({ id }: PlannedCell) => count.get(id) ?? 0;
  return others.reduce((best, cell) => (best && countOf(cell) > countOf(best) ? cell : best), first);
}
