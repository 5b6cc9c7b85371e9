import { anchorsOf } from './anchor.ts';
import { daysBetween } from './days.ts';
import type { Evidence, Observation, RunNote } from './evidence.ts';
import { rankOf } from './evidence.ts';
import { keptKataDays, mergeNights, newestOf } from './nights.ts';
import { latestOf, packagesIn, type ReleasePackages } from './packages.ts';
import { policy as current, type Policy } from './policy.ts';

/** All evidence as one. The order in which it is given, and giving it twice, change nothing. */
export function mergeEvidence(many: readonly Evidence[], policy: Policy = current): Evidence {
  const runs = new Map<string, RunNote>();
  const observations = new Map<string, Observation>();

  for (const note of many.flatMap((evidence) => evidence.runs)) {
    runs.set(note.id, note);
  }
  for (const observation of many.flatMap((evidence) => evidence.observations)) {
    const key = `${observation.run} ${keyOf(observation)}`;
    const other = observations.get(key);
    // The same run twice: a resumed one says more, later.
    observations.set(key, other && byTime(observation, other) <= 0 ? other : observation);
  }

  return {
    runs: [...runs.values()].toSorted(byStart),
    observations: [...observations.values()].toSorted(byCell),
    anchors: anchorsOf(many, policy),
    nights: mergeNights(many),
    latest: latestOf(many.flatMap(packagesSeen)),
  };
}

/** What evidence tells of versions, by its runs and by its cells. */
function packagesSeen({ latest = {}, runs, observations }: Evidence): readonly ReleasePackages[] {
  const ran = observations.filter(({ attempts }) => attempts.length > 0);
  return [
    latest,
    ...runs.flatMap(({ packages = [] }) => packages),
    ...ran.map(({ cell, facts, kata }) => ({
      [cell.distro]: { ...packagesIn(facts), ...(kata !== undefined && { Kata: kata }) },
    })),
  ];
}

/**
 * What still counts: of each cell and variant the newest observation, and older ones that rest on a better basis.
 * One that is no verdict (errored, missing, flaky, skipped) never replaces one that is. What an earlier Kata showed goes once it is
 * so old that no word rests on it.
 */
export function foldEvidence(evidence: Evidence, policy: Policy = current): Evidence {
  const { runs, observations } = evidence;
  const all = [...Map.groupBy(observations, keyOf).values()].flatMap((same) => {
    const firm = same.filter((observation) => isFirm(observation, policy));
    const counted = firm.length > 0 ? firm : same;
    return counted.filter((one) => !counted.some((other) => replaces(other, one)));
  });
  const newest = newestOf(all.map(({ at }) => at));
  const kept = all.filter(({ kata, at }) => kata === undefined || daysBetween(at, newest) <= keptKataDays);
  const told = new Set(kept.map(({ run }) => run));

  return { ...evidence, runs: runs.filter(({ id }) => told.has(id)), observations: kept.toSorted(byCell) };
}

/** Whether an observation says something of the distro, rather than of the night it was made in. */
export function isFirm({ outcome }: Observation, policy: Policy = current): boolean {
  switch (outcome?.status) {
    case 'failed':
    case 'blocked':
      return true;
    case 'passed':
      return !outcome.flaky;
    case 'skipped':
      return outcome.because.startsWith(policy.notPackaged);
    case 'errored':
    case undefined:
      return false;
    default:
      return outcome satisfies never;
  }
}

/** Oldest first; of one moment, one fixed order. */
export function byTime(a: Observation, b: Observation): number {
  return (
    compare(a.at, b.at) || compare(a.outcome ? '1' : '0', b.outcome ? '1' : '0') || compare(a.run, b.run)
  );
}

function replaces(newer: Observation, older: Observation): boolean {
  return byTime(newer, older) > 0 && rankOf(newer.basis) >= rankOf(older.basis);
}

function keyOf({ cell, variant, kata }: Observation): string {
  return [cell.id, variant ?? '', ...(kata === undefined ? [] : [kata])].join(' ');
}

function byCell(a: Observation, b: Observation): number {
  return compare(keyOf(a), keyOf(b)) || byTime(a, b);
}

function byStart(a: RunNote, b: RunNote): number {
  return compare(a.startedAt, b.startedAt) || compare(a.id, b.id);
}

// Not localeCompare: the order must not depend on where a report is made.
function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
