import type { CellNight } from './cell-nights.ts';
import { keptNights } from './nights.ts';

/** How firmly a cell keeps to what it said, in the newest of its nights with a verdict. */
export interface Flakes {
  /** Nights that were red first and then green. */
  readonly flaky: number;
  /** Of so many nights. */
  readonly of: number;
  /** How often it went from green to red or back, from one night to the next, while nothing else changed. */
  readonly flips: number;
  /** Of so many nights that followed one with the same versions. */
  readonly pairs: number;
  /** Red first and then green in one night; or both ways, from night to night, with the same versions. */
  readonly isFlaky: boolean;
}

/**
 * By nights from the oldest to the newest. `versionsOf`: a word that is the same as long as versions are. A version that
 * changed, and a cell that is new, make no flake.
 */
export function flakesIn<T extends { readonly night: CellNight }>(
  nights: readonly T[],
  versionsOf: (night: T) => string,
): Flakes {
  const told = nights.filter(({ night }) => isGreen(night) || isRed(night)).slice(-keptNights);
  const flaky = told.filter(({ night }) => night.status === 'flaky').length;
  let [flips, pairs, bothWays] = [0, 0, false];
  let ways = new Set<boolean>();
  for (const [index, one] of told.entries()) {
    const { night } = one;
    const before = told[index - 1];
    if (!before || versionsOf(before) !== versionsOf(one)) {
      ways = new Set();
      continue;
    }
    pairs += 1;
    if (isRed(before.night) !== isRed(night)) {
      flips += 1;
      ways.add(isRed(night));
      bothWays ||= ways.size > 1;
    }
  }
  return { flaky, of: told.length, flips, pairs, isFlaky: flaky > 0 || bothWays };
}

export function isGreen({ status }: Pick<CellNight, 'status'>): boolean {
  return status === 'passed' || status === 'flaky';
}

export function isRed({ status }: Pick<CellNight, 'status'>): boolean {
  return status === 'failed';
}
