import type { CellId } from './cell.ts';
import { type CellNight, nightsAlong } from './cell-nights.ts';
import type { Chronicle, Lane } from './chronicle.ts';
import { dateOf, daysBetween } from './days.ts';
import { type Basis, rankOf } from './evidence.ts';
import { type Flakes, flakesIn, isGreen, isRed } from './flips.ts';
import { type PlacedNight, type VersionChange, versionChanges, versionsAlong } from './lane-versions.ts';
import type { Variant } from './plan.ts';
import { policy } from './policy.ts';
import { isSameRed } from './same-red.ts';

/** How a cell stands by its history, and since when. */
export interface CellStanding {
  /** Where its history was made. */
  readonly basis: Basis;
  readonly variant: Variant;
  /** The newest night, whether it came to a verdict or not. */
  readonly now: CellNight;
  /** ISO date of the first night of the present state: of the same status, and for reds of the same kind. */
  readonly since: string;
  /** The last night in which it was green, on whichever clone. */
  readonly lastGreen?: CellNight;
  /** The first night after that in which it was red; missing: the last verdict is a green one. */
  readonly firstRed?: CellNight;
  readonly flakes: Flakes;
  /** Of the best basis that it was run on of late, oldest first; with those in which it was planned and had no machine. */
  readonly nights: readonly CellNight[];
  /** What is not the same in the last green night and in the first red one. */
  readonly changed: readonly VersionChange[];
}

/** How a cell stands; undefined where no run ever planned it. */
export function standingOf(chronicle: Chronicle, cell: CellId): CellStanding | undefined {
  const told = chronicle.lanes
    .filter(({ release }) => cell.startsWith(`${release}/`))
    .flatMap((lane): readonly Told[] => {
      const strips = lane.strips.filter((strip) => strip.cell === cell);
      const along = strips.length > 0 ? nightsAlong(chronicle, lane, strips) : [];
      const last = along.findLast((night) => night !== undefined);
      return last ? [{ lane, along, last }] : [];
    });
  const best = bestOf(told);
  return best && standingIn(best, told);
}

/** Of every cell there ever was, one after the other, in the order of their ids within a release. */
export function* standingsOf(chronicle: Chronicle): Generator<readonly [CellId, CellStanding]> {
  for (const lanes of Map.groupBy(chronicle.lanes, ({ release }) => release).values()) {
    const cells = new Set(lanes.flatMap(({ strips }) => strips.map(({ cell }) => cell)));
    for (const cell of [...cells].toSorted()) {
      const standing = standingOf({ ...chronicle, lanes }, cell);
      if (standing) {
        yield [cell, standing];
      }
    }
  }
}

interface Told {
  readonly lane: Lane;
  /** By the lane's runs. */
  readonly along: readonly (CellNight | undefined)[];
  readonly last: CellNight;
}

/** As a published word: a better basis speaks while it is recent, and then the newer; a container where nothing else does. */
function bestOf(all: readonly Told[]): Told | undefined {
  const machines = all.filter(({ lane }) => lane.basis !== 'userspace');
  const told = machines.length > 0 ? machines : all;
  const newest =
    told
      .map(({ last }) => last.at)
      .toSorted()
      .at(-1) ?? '';
  const weight = ({ lane, last }: Told) =>
    daysBetween(last.at, newest) <= policy.basisDays ? rankOf(lane.basis) : -1;
  return told.toSorted((a, b) => weight(b) - weight(a) || (a.last.at < b.last.at ? 1 : -1))[0];
}

function standingIn({ lane, along, last }: Told, told: readonly Told[]): CellStanding {
  const versions = versionsAlong(lane);
  const versionsOf = ({ night, index }: PlacedNight) => `${versions[index]} ${night.kata ?? ''}`;
  const own = along.flatMap((night, index) => (night ? [{ night, index }] : []));
  const lastGreen = own.findLast(({ night }) => isGreen(night));
  const firstRed = own.find(({ night, index }) => index > (lastGreen?.index ?? -1) && isRed(night));
  const changed = lastGreen && firstRed ? versionChanges(lane, lastGreen, firstRed) : [];

  // Of a night whose machines never came up nobody knows on which basis it would have been.
  const others = told
    .filter((one) => one.lane !== lane && one.lane.variant === lane.variant)
    .flatMap((one) => one.along);
  const lost = others.flatMap((night) =>
    night?.status === 'missing' && !own.some((one) => one.night.run === night.run) ? [night] : [],
  );
  const had = own.map(({ night }) => night);
  const nights = lost.length === 0 ? had : [...had, ...lost].toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const now = nights.at(-1) ?? last;
  return {
    ...{ basis: lane.basis, variant: lane.variant, now, since: sinceOf(now, nights) },
    ...(lastGreen && { lastGreen: lastGreen.night }),
    ...(firstRed && { firstRed: firstRed.night }),
    ...{ flakes: flakesIn(own, versionsOf), nights, changed },
  };
}

/**
 * ISO date of the first night of the row that `now` is the last of, by nights up to it. What came to no verdict neither begins
 * nor ends a row of verdicts.
 */
export function sinceOf(now: CellNight, nights: readonly CellNight[]): string {
  const isVerdict = (night: CellNight) => isGreen(night) || isRed(night);
  let begin = now;
  for (const night of nights.toReversed()) {
    if (isSameState(night, now)) {
      begin = night;
    } else if (!isVerdict(now) || isVerdict(night)) {
      break;
    }
  }
  return dateOf(begin.at);
}

function isSameState(night: CellNight, now: CellNight): boolean {
  if (isRed(now)) {
    return isRed(night) && isSameRed(night.red, now.red);
  }
  // A flake here and there ends no row of greens; it is counted on its own.
  return night.status === now.status || (now.status === 'passed' && isGreen(night));
}
