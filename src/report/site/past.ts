import type { CellId } from '../../domain/cell.ts';
import type { CellNight } from '../../domain/cell-nights.ts';
import { type CellStanding, sinceOf, standingOf } from '../../domain/cell-standing.ts';
import type { Chronicle } from '../../domain/chronicle.ts';
import { daysBetween } from '../../domain/days.ts';

/** How a cell has come out so far, looked up once. */
export type Past = (cell: CellId) => CellStanding | undefined;

/** A red is a new failure for so many days after the first night of it. */
export const newDays = 7;

/** So many of the newest nights are drawn. */
export const shownNights = 40;

export function pastOf(chronicle: Chronicle): Past {
  const known = new Map<CellId, CellStanding | undefined>();
  return (cell) => {
    if (!known.has(cell)) {
      const standing = standingOf(chronicle, cell);
      known.set(cell, standing && asPublished(standing));
    }
    return known.get(cell);
  };
}

/** As a published word, which a night without a verdict doesn't change: by the last night that came to one, if there is any. */
function asPublished(standing: CellStanding): CellStanding {
  const at = standing.nights.findLastIndex(({ status }) => status !== 'errored' && status !== 'missing');
  const now = standing.nights[at];
  return now ? { ...standing, now, since: sinceOf(now, standing.nights.slice(0, at + 1)) } : standing;
}

/** Whether a cell is red that was green before, and not for long. */
export function isNewFailure(standing: CellStanding | undefined, asOf: string): boolean {
  return (
    standing?.now.status === 'failed' &&
    standing.lastGreen !== undefined &&
    daysBetween(standing.firstRed?.at ?? standing.since, asOf) <= newDays
  );
}

/** Whether it went both ways in its newest nights, with nothing else changed. */
export function isFlaky(standing: CellStanding | undefined): boolean {
  return standing?.flakes.isFlaky ?? false;
}

/** The nights that are drawn, oldest first. */
export function drawn({ nights }: Pick<CellStanding, 'nights'>): readonly CellNight[] {
  return nights.slice(-shownNights);
}
