import type { PackageManagerId } from '../../domain/distro.ts';

/** A command of a package manager's, ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a failed command of a package manager's can be known by. */
export type Trouble =
  /** It has no package of that name: a verdict. */
  | 'not-packaged'
  /** It has it, and it can't be installed as things depend on each other: a verdict as well, and the distro's. */
  | 'uninstallable'
  /** A server did not answer, or not with what was asked for: ours, and worth another try. */
  | 'mirror'
  /** Another one is at work with it, such as a first boot's updates: ours to wait for. */
  | 'locked'
  /** The machine's disk is: ours. */
  | 'full';

/** `strange` is none of all these: ours, until somebody reads it. */
export type AnswerKind = 'done' | Trouble | 'strange';

export interface Answer {
  readonly kind: AnswerKind;
  /** The line by which it was known, in the package manager's own words; empty where all is well. */
  readonly said: string;
  /** Of `not-packaged`: the names that it doesn't know, each with the line that says so. */
  readonly names: ReadonlyMap<string, string>;
}

/** Package name to version. */
export type Versions = ReadonlyMap<string, string>;

/**
 * One row of the table. Commands are lines for a POSIX sh that ask nobody anything; `spoken` makes them speak English.
 * What they take are words of the shell's, quoted by whoever calls, and what they print is read by the row's own parsers.
 * All of it is pure.
 */
export interface PackageManager {
  readonly id: PackageManagerId;
  /** What people type before the names, as root, to install; the farm's own command asks nothing and says more. */
  readonly typed: string;
  /** Reads the index anew. */
  readonly refresh: string;
  /**
   * Installs; configuration files that somebody changed stay as they are. `without`: recommended packages that are not to
   * come along, where it can be told so.
   */
  readonly install: (words: string, without: readonly string[]) => string;
  /** What an installation does beside installing, in words. */
  readonly aside?: string;
  /** Everything that is installed. */
  readonly installed: string;
  readonly parseInstalled: (out: string) => Versions;
  /** Of these names, those that the index has. */
  readonly available: (words: string) => string;
  readonly parseAvailable: (out: string) => Versions;
  /** Who owns a file. Most of them know only its real path, without symbolic links. */
  readonly owner: (word: string) => string;
  /** Undefined: no package does. */
  readonly parseOwner: (out: string) => string | undefined;
  /** The files of a package that need not be installed. Missing: it can't tell. */
  readonly files?: (word: string) => string;
  /** Their paths, from `/`. Missing wherever `files` is. */
  readonly parseFiles?: (out: string) => readonly string[];
  /** By which of its words a failure is known. The first group is a package's name, where there is one. */
  readonly words: Readonly<Record<Exclude<Trouble, 'full'>, readonly RegExp[]>>;
}

/** A package manager that the farm can't be served by, and why. */
export interface UnsupportedManager {
  readonly id: PackageManagerId;
  readonly unsupported: string;
}
