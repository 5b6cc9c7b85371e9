import type { Part } from '../../domain/stack.ts';
import type { PackageManager } from '../managers/package-manager.ts';
import { namesOf } from './candidates.ts';
import type { Section } from './sections.ts';

/** What a machine tells of a part. */
export type PartFound =
  | {
      readonly state: 'installed';
      readonly package: string;
      readonly path: string;
      readonly version?: string;
    }
  /** Somebody put it there by hand. */
  | { readonly state: 'unowned'; readonly path: string }
  /** The package index has it; a path, where it lists the files. */
  | {
      readonly state: 'available';
      readonly package: string;
      readonly version: string;
      readonly path?: string;
    }
  /** The index has none of these names. */
  | { readonly state: 'missing'; readonly names: readonly string[] };

/** What the index has of something. */
interface Offer {
  readonly package: string;
  readonly version: string;
  readonly path?: string;
}

/** What the index has of it. One whose files are known, and among them the binary, comes first. */
export function offersIn(
  sections: readonly Section[],
  manager: PackageManager,
  what: string,
): readonly Offer[] {
  const offers = sections.flatMap(({ words: [kind, subject, name = ''], text }): readonly Offer[] => {
    const version = manager.parseAvailable(text).get(name);
    if (kind !== 'available' || subject !== what || version === undefined) {
      return [];
    }
    const listed = sections.find(({ words }) => words.join(' ') === `files ${what} ${name}`);
    const [path] = manager.parseFiles?.(listed?.text ?? '') ?? [];
    return [{ package: name, version, ...(path !== undefined && { path }) }];
  });
  return offers.toSorted((a, b) => Number(b.path !== undefined) - Number(a.path !== undefined));
}

/** A part, by its binary where that is there, else by what the index has of it. */
export function partIn(
  part: Part,
  text: (...words: readonly string[]) => string,
  [offer]: readonly Offer[],
  manager: PackageManager | undefined,
): PartFound {
  const place = text('path', part).trim();
  if (place === '') {
    return offer ? { state: 'available', ...offer } : missing(part, manager);
  }
  const installed = manager?.parseInstalled(text('installed')) ?? new Map<string, string>();
  const owner = manager?.parseOwner(text('owner', part));
  const path = part === 'kernel' ? kernelPrefix(place) : place;
  // Distros name their kernels by a package that pulls in the one with the version in its name.
  const whole =
    part === 'kernel' && manager
      ? namesOf('kernel', manager.id).find((name) => installed.has(name))
      : undefined;
  const name = whole ?? owner;
  if (name === undefined) {
    return { state: 'unowned', path: place };
  }
  const version = installed.get(name);
  return { state: 'installed', package: name, path, ...(version !== undefined && { version }) };
}

function missing(part: Part, manager: PackageManager | undefined): PartFound {
  return { state: 'missing', names: manager ? namesOf(part, manager.id) : [] };
}

/** Without the release: `/boot/vmlinuz-`, `/usr/lib/modules/`. */
function kernelPrefix(place: string): string {
  return place.replace(/\/vmlinuz-[^/]*$/, '/vmlinuz-').replace(/\/modules\/[^/]*\/vmlinuz$/, '/modules/');
}
