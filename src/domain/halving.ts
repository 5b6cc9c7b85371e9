import type { Change } from './changes.ts';
import type { Shade } from './truth-table.ts';

/** Packages that have to be put back together: of one source, as far as their versions tell. */
export interface Suspect {
  /** Names with the version that each had. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  /** What they went from and to: `1:7.2-7 → 1:7.2-8`. */
  readonly change: string;
}

/** Some suspects put back to what they were, and what came of the cell. */
export interface Trial {
  readonly suspects: readonly Suspect[];
  readonly shade: Shade;
}

/** What is next: to put some back, or nothing. */
export type Step =
  | { readonly putBack: readonly Suspect[]; readonly ended?: undefined }
  | { readonly ended: string; readonly left: readonly Suspect[]; readonly putBack?: undefined };

/**
 * Changed packages that can be put back, those with the same versions before and after together. What was not installed
 * before can't, nor a kernel: the machine booted with it before anything could be put back.
 */
export function suspectsAmong(changes: readonly Change[]): readonly Suspect[] {
  const able = changes.filter(
    ({ of, name, was }) => of === 'package' && was !== undefined && !isKernel(name),
  );
  const sources = Map.groupBy(able, ({ was, is = 'gone' }) => `${was} → ${is}`);
  return [...sources].map(([change, same]) => ({
    change,
    packages: same.map(({ name, was = '' }) => ({ name, version: was })),
  }));
}

/** Whether a package is a kernel. */
export function isKernel(name: string): boolean {
  return /^linux-(image|modules)\b/.test(name);
}

/**
 * Halves the suspects by what was tried so far: first all are put back, then the half of what is left. Ends with the one
 * that is enough, or with why there is none. As many steps as the suspects can be halved, and two.
 */
export function stepAfter(suspects: readonly Suspect[], trials: readonly Trial[]): Step {
  if (suspects.length === 0) {
    return { ended: 'no package that can be put back has changed', left: [] };
  }
  const [all, ...halves] = trials;
  if (!all) {
    return { putBack: suspects };
  }
  if (all.shade === 'red') {
    return { ended: 'red with all of them put back: it is in none of these packages', left: [] };
  }
  if (all.shade === 'open') {
    return { ended: 'no verdict with all of them put back, so halves would say nothing', left: suspects };
  }
  let left = suspects;
  for (const { suspects: tried, shade } of halves) {
    if (shade === 'open') {
      return { ended: 'no verdict with one half put back: it can be narrowed no further', left };
    }
    if (left.length === 1 && shade === 'red') {
      return {
        ended: 'red with what was left put back alone: it takes several of them together',
        left: suspects,
      };
    }
    left = shade === 'green' ? tried : left.filter((one) => !tried.includes(one));
  }
  const isTried = trials.some(
    ({ suspects: tried, shade }) => shade === 'green' && tried.length === 1 && tried[0] === left[0],
  );
  if (left.length === 1) {
    return isTried ? { ended: 'green with this one put back, and red without', left } : { putBack: left };
  }
  return { putBack: left.slice(0, Math.ceil(left.length / 2)) };
}
