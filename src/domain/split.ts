import { type Atom, atomsOf, type Piece, wholeOf } from './atoms.ts';
import type { Durations } from './durations.ts';
import type { Batch, Plan } from './plan.ts';
import { spread } from './spread.ts';

/** A part of a plan that needs nothing from the others, and how long it is taken to be, one machine at a time. */
export interface Part {
  readonly plan: Plan;
  readonly ms: number;
}

export interface Split {
  /** As many as were asked for; some are empty where there is too little to do. */
  readonly parts: readonly Part[];
  /** By how much the longest part is longer than all are on average: 0.1 is a tenth. */
  readonly imbalance: number;
  /** Of the longest piece that can't be split, its preparation included: no part can be shorter. */
  readonly longestMs: number;
}

/** What is balanced to within this, keeps its releases whole. */
const tolerance = 0.1;

/**
 * Splits a plan. Releases are kept whole, as each part of one has a template of its own to make; where that does not balance
 * to within a tenth, the longest are taken apart, never a cell from the controls that it rests on: so no verdict rests on
 * another machine, and no cell is run twice. The same plan and durations give the same split.
 */
export function split(plan: Plan, of: number, durations: Durations): Split {
  const atoms = plan.batches.map((batch, index) => atomsOf(batch, index, durations));
  const prepareMs = plan.batches.map((batch) => durations.prepareMs(batch));
  const apart = new Set<number>();
  const piecesNow = () => atoms.flatMap((own, batch) => (apart.has(batch) ? own : [wholeOf(own)]));

  let best = spread(piecesNow(), of, prepareMs);
  for (let now = best; now.imbalance > tolerance; ) {
    const next = nextApart(now.fullest, atoms, apart);
    if (next === undefined) {
      break;
    }
    apart.add(next);
    now = spread(piecesNow(), of, prepareMs, best);
    best = now.fullestMs < best.fullestMs ? now : best;
  }

  const parts = best.bins.map(({ pieces, ms }) => ({ plan: planOf(plan, pieces), ms }));
  const longestMs = Math.max(0, ...atoms.flat().map(({ ms, batch }) => ms + (prepareMs[batch] ?? 0)));
  return { parts: withSkipped(plan, parts), imbalance: best.imbalance, longestMs };
}

/** The longest release of the fullest part that is still whole and need not be. */
function nextApart(
  fullest: readonly Piece[],
  atoms: readonly (readonly Atom[])[],
  apart: ReadonlySet<number>,
): number | undefined {
  return fullest
    .toSorted((a, b) => b.ms - a.ms || a.batch - b.batch)
    .map(({ batch }) => batch)
    .find((batch) => !apart.has(batch) && (atoms[batch]?.length ?? 0) > 1);
}

/** Batches and cells in the plan's order. */
function planOf({ batches, katas }: Plan, pieces: readonly Piece[]): Plan {
  const own = batches.flatMap((batch, index): readonly Batch[] => {
    const chosen = new Set(pieces.filter((piece) => piece.batch === index).flatMap(({ cells }) => cells));
    const cells = batch.cells.filter(({ id }) => chosen.has(id));
    return cells.length > 0 ? [{ ...batch, cells }] : [];
  });
  return { batches: own, skipped: [], ...(katas && { katas }) };
}

/** What is skipped stands in the first part that has something of its release, and in the first of all where none has. */
function withSkipped({ skipped }: Plan, parts: readonly Part[]): readonly Part[] {
  const homeOf = (release: string) => {
    const index = parts.findIndex(({ plan }) => plan.batches.some(({ distro }) => distro === release));
    return Math.max(0, index);
  };
  const homes = new Map([...new Set(skipped.map(({ cell }) => cell.distro))].map((id) => [id, homeOf(id)]));
  return parts.map((part, index) => ({
    ...part,
    plan: { ...part.plan, skipped: skipped.filter(({ cell }) => homes.get(cell.distro) === index) },
  }));
}
