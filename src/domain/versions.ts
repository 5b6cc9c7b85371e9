import type { Observation } from './evidence.ts';
import { byTime } from './fold.ts';
import type { Facts } from './result.ts';

/** The facts that name a version, a package or the digest of a binary. */
export function versionsIn(facts: Facts): Facts {
  const isVersion = (key: string) => key === 'kernel' || /\.(?:version|package|sha256)$/.test(key);
  return Object.fromEntries(Object.entries(facts).filter(([key]) => isVersion(key)));
}

/** The versions that these recorded; of one key, the newest. */
export function versionsOf(observations: readonly Observation[]): Facts {
  return Object.assign({}, ...observations.toSorted(byTime).map(({ facts }) => versionsIn(facts)));
}
