import type { Part } from '../domain/stack.ts';

/** What became of a part that the distro was asked for. */
export type PartState =
  | { readonly state: 'installed'; readonly package: string; readonly version: string }
  /** Its package manager knows no such package: a verdict. */
  | { readonly state: 'not-packaged'; readonly package: string; readonly said: string }
  /** It has it, and can't install it: a verdict as well, and the distro's. */
  | { readonly state: 'uninstallable'; readonly package: string; readonly said: string };

/** What a machine has after `installMissing`. */
export interface InstalledParts {
  /** Each part that was asked for and that the release claims to package. */
  readonly parts: Readonly<Partial<Record<Part, PartState>>>;
  /** Package name to version, of everything installed now: as an `Image` records it. */
  readonly packages: Readonly<Record<string, string>>;
  /** Of these, what was not there before, or in another version. */
  readonly added: Readonly<Record<string, string>>;
  /** The farm's instruments that can't be had there, each with why: what needs one is skipped. */
  readonly lacking: readonly { readonly name: string; readonly said: string }[];
  /** What is other than in the image that the distro delivers, in words: recorded with each result. */
  readonly deviations: readonly string[];
}
