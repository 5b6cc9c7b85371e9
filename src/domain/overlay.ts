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

/** Whether a run's machines had an overlay: what it says is of a candidate, never of a release. */
export function isCandidate({ modified }: Pick<Run, 'modified'>): boolean {
  return modified.some((word) => word.startsWith(mark));
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

/** A change as a fact: `overlay.virtiofsd` and `1.13.2-1 -> 1.13.2-2`. */
export function changeFact({ name, from = 'none', to = 'none', asked }: PackageChange): {
  readonly key: string;
  readonly value: string;
} {
  return { key: `overlay.${name}`, value: `${from} -> ${to}${asked ? '' : ' (pulled in)'}` };
}
