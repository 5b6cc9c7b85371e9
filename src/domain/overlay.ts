import type { Facts } from './result.ts';
import type { Run } from './run.ts';

/** A package whose version an overlay changed in a machine. Missing: it was not there before, or is not any more. */
export interface PackageChange {
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
  /** What was asked for; else the package manager took it along. */
  readonly asked: boolean;
}

/** Package name to version. */
export type Versions = ReadonlyMap<string, string>;

/** How a run's modifications begin where it has packages that its releases don't have. */
const mark = 'overlay: ';

/** A piece of an overlay as it stands among a run's modifications. */
export function overlayWord(piece: string): string {
  return `${mark}${piece}`;
}

/** The pieces of the overlay that a run's machines had; none where they had none. */
export function overlayIn({ modified }: Pick<Run, 'modified'>): readonly string[] {
  return modified.flatMap((word) => (word.startsWith(mark) ? [word.slice(mark.length)] : []));
}

/** Whether a run's machines had an overlay: what it says is of a candidate, never of a release. */
export function isCandidate(run: Pick<Run, 'modified'>): boolean {
  return overlayIn(run).length > 0;
}

/** What differs, by name; what was asked for stands in it even where the same version was put in again. */
export function changesBetween(
  before: Versions,
  after: Versions,
  asked: readonly string[],
): readonly PackageChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names
    .filter((name) => before.get(name) !== after.get(name) || asked.includes(name))
    .map((name) => {
      const [from, to] = [before.get(name), after.get(name)];
      return {
        name,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        asked: asked.includes(name),
      };
    });
}

/** What is installed once these changes were made, by name. */
export function packagesWith(
  packages: Readonly<Record<string, string>>,
  changes: readonly Pick<PackageChange, 'name' | 'to'>[],
): Readonly<Record<string, string>> {
  const now = new Map(Object.entries(packages));
  for (const { name, to } of changes) {
    if (to === undefined) {
      now.delete(name);
    } else {
      now.set(name, to);
    }
  }
  return Object.fromEntries([...now].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A change as a fact: `overlay.virtiofsd` and `1.13.2-1 -> 1.13.2-2`. */
export function changeFact({ name, from = 'none', to = 'none', asked }: PackageChange): {
  readonly key: string;
  readonly value: string;
} {
  return { key: `overlay.${name}`, value: `${from} -> ${to}${asked ? '' : ' (pulled in)'}` };
}

/** The changes that a batch's facts tell: those that {@link changeFact} makes. */
export function changesIn(facts: Facts): readonly PackageChange[] {
  return Object.entries(facts).flatMap(([key, value]) => {
    const [, name] = /^overlay\.(.+)$/.exec(key) ?? [];
    const [, from, to, pulled] = /^(\S+) -> (\S+)( \(pulled in\))?$/.exec(String(value)) ?? [];
    if (name === undefined || from === undefined || to === undefined) {
      return [];
    }
    const versions = { ...(from !== 'none' && { from }), ...(to !== 'none' && { to }) };
    return [{ name, ...versions, asked: pulled === undefined }];
  });
}
