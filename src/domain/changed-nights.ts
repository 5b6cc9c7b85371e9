import type { Change } from './changes.ts';
import type { Chronicle, Lane } from './chronicle.ts';
import { placesOn } from './compared-nights.ts';
import { dateOf } from './days.ts';
import { isKataName, isWholeName } from './lane-versions.ts';
import { valueAt } from './spells.ts';

/**
 * What is not the same on two days: of releases that ran on both their versions and images, and the hosts. Each is told once. What a
 * container had is told where its release had no machine.
 */
export function changesBetween(chronicle: Chronicle, base: string, day: string): readonly Change[] {
  const both = chronicle.lanes.flatMap((lane) => {
    const [was, is] = [placesOn(chronicle, lane, base), placesOn(chronicle, lane, day)];
    return was.length > 0 && is.length > 0 ? [{ lane, was, is }] : [];
  });
  const hadMachine = new Set(both.flatMap(({ lane }) => (lane.basis === 'userspace' ? [] : [lane.release])));
  const machines = both
    .filter(({ lane }) => lane.basis !== 'userspace' || !hadMachine.has(lane.release))
    .flatMap(({ lane, was, is }) => versionChanges(lane, toldAt(lane, was), toldAt(lane, is)));
  const hosts = [base, day].map(
    (date) => chronicle.runs.findLast(({ startedAt }) => dateOf(startedAt) === date)?.host ?? {},
  );
  const names = [...new Set(hosts.flatMap((host) => Object.keys(host)))].toSorted();
  const ofHost = names.flatMap((name) => changed({ of: 'host', name }, hosts[0]?.[name], hosts[1]?.[name]));
  return [...new Map([...ofHost, ...machines].map((one) => [JSON.stringify(one), one])).values()];
}

/** What each of these runs told last. */
function toldAt({ versions }: Lane, places: readonly number[]): Readonly<Record<string, string>> {
  const told = Object.entries(versions).map(
    ([name, spells]) =>
      [name, places.map((index) => valueAt(spells, index)).findLast((version) => version) ?? ''] as const,
  );
  return Object.fromEntries(told.filter(([, version]) => version !== ''));
}

function versionChanges(
  { release }: Lane,
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
): readonly Change[] {
  // Who tells of no package at all doesn't say that one was not there.
  const tellsPackages = [was, is].every((told) => Object.keys(told).some((name) => !isWholeName(name)));
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted().flatMap((name) => {
    const of = kindOf(name);
    const isTold = (name in was && name in is) || (of === 'package' && tellsPackages);
    return isTold ? changed({ of, name, ...(of !== 'kata' && { release }) }, was[name], is[name]) : [];
  });
}

function kindOf(name: string): Change['of'] {
  if (isKataName(name)) {
    return 'kata';
  }
  return isWholeName(name) ? 'machine' : 'package';
}

function changed(
  change: Pick<Change, 'of' | 'name' | 'release'>,
  was: string | number | undefined,
  is: string | number | undefined,
): readonly Change[] {
  return was === is
    ? []
    : [
        {
          ...change,
          ...(was !== undefined && { was: String(was) }),
          ...(is !== undefined && { is: String(is) }),
        },
      ];
}
