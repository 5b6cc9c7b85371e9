import type { DistroId } from './distro.ts';
import type { Facts } from './result.ts';
import type { Run } from './run.ts';
import { compareReleases, compareVersions } from './version.ts';

/** Versions by package name. A Kata that is no package of the distro's goes by `Kata`, which no package is called. */
export type Packages = Readonly<Record<string, string>>;

/** The same by release. */
export type ReleasePackages = Readonly<Record<DistroId, Packages>>;

/** What recorded facts tell: `package.NAME` of a batch, and `X.package` of a cell, which is `NAME VERSION`. */
export function packagesIn(facts: Facts): Packages {
  const found = Object.entries(facts).flatMap(([key, value]) => {
    if (key.startsWith('package.')) {
      return [[key.slice('package.'.length), String(value)] as const];
    }
    const [name = '', version = ''] = key.endsWith('.package') ? String(value).split(' ') : [];
    return version === '' ? [] : [[name, version] as const];
  });
  return Object.fromEntries(found);
}

/** What a run's machines had of each release, as their images say. */
export function packagesOf({ plan: { batches }, batchFacts }: Run): ReleasePackages {
  const found = batches.map(({ id, distro }) => [distro, packagesIn(batchFacts.get(id) ?? {})] as const);
  return Object.fromEntries(found.filter(([, packages]) => Object.keys(packages).length > 0));
}

/** Of each release and package the latest version; the order in which they are given changes nothing. */
export function latestOf(many: readonly ReleasePackages[]): ReleasePackages {
  const latest: Record<DistroId, Record<string, string>> = {};
  for (const [release, packages] of many.flatMap((one) => Object.entries(one) as [DistroId, Packages][])) {
    const known = latest[release] ?? {};
    for (const [name, version] of Object.entries(packages)) {
      const before = known[name] ?? version;
      const order = orderOf(name, before, version);
      // Two spellings of one version: one of them always wins.
      known[name] = order > 0 || (order === 0 && before > version) ? before : version;
    }
    latest[release] = known;
  }
  return sorted(latest);
}

/** What of these is older than what is there by now, in words: `virtiofsd 1.13.2-1, and 1.14.0-1 is there`. */
export function outdatedIn(tested: Packages, latest: Packages): readonly string[] {
  return Object.entries(tested).flatMap(([name, version]) => {
    const now = latest[name];
    return now !== undefined && orderOf(name, now, version) > 0
      ? [`${name} ${version}, and ${now} is there`]
      : [];
  });
}

function orderOf(name: string, a: string, b: string): number {
  return name === 'Kata' ? compareReleases(a, b) : compareVersions(a, b);
}

function sorted(packages: ReleasePackages): ReleasePackages {
  const byName = <T>(record: Readonly<Record<string, T>>) =>
    Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byName(packages).map(([release, own]) => [release, Object.fromEntries(byName(own))]),
  );
}
