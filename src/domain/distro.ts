import type { Arch } from './arch.ts';
import type { PartClaim, Sourced } from './claim.ts';
import type { Images } from './image-source.ts';
import type { Part } from './stack.ts';

/**
 * A release of a distribution on one architecture, as its YAML file describes it. The file's name is its id: `debian-13`;
 * on another architecture than amd64 it is `debian-13@arm64`.
 */
export interface Distro {
  readonly id: DistroId;
  readonly title: string;
  readonly family: string;
  readonly arch: Arch;
  /** Of what its file says on all its architectures, those that it has. */
  readonly architectures: readonly Arch[];
  readonly packageManager: PackageManagerId;
  readonly lifecycle: Lifecycle;
  /** The security module of a default install. */
  readonly lsm: 'apparmor' | 'selinux' | 'none';
  readonly parts: Readonly<Record<Part, PartClaim>>;
  /** What Kata is built with there; missing: nobody looked. */
  readonly toolchain: Toolchain;
  readonly images: Images;
  /** Where its packages are listed; missing: where its image recipe takes them from. */
  readonly repositories?: readonly string[];
  /** Whether the people who package Kata there have agreed to ship it. */
  readonly ships?: Ships;
  /** Where its failures are reported; missing: nobody wrote it down. */
  readonly tracker?: Tracker;
  /** Said beside a verdict, never instead of one. */
  readonly notes: readonly string[];
}

/** The packages of a distro's compilers. */
export interface Toolchain {
  readonly rust?: string;
  readonly go?: string;
  /** Further packages of the same compiler, which may be newer: Debian's `rustc-web`. */
  readonly alternatives?: Readonly<Partial<Record<Compiler, readonly string[]>>>;
}

export const compilers = ['rust', 'go'] as const;

export type Compiler = (typeof compilers)[number];

/** Every package of a compiler, the one that it is usually had by first. */
export function packagesOf(toolchain: Toolchain, compiler: Compiler): readonly string[] {
  const usual = toolchain[compiler];
  return [...(usual === undefined ? [] : [usual]), ...(toolchain.alternatives?.[compiler] ?? [])];
}

export const packageManagers = [
  'apt',
  'dnf',
  'tdnf',
  'microdnf',
  'zypper',
  'apk',
  'pacman',
  'xbps',
  'nix',
  'portage',
] as const;

export type PackageManagerId = (typeof packageManagers)[number];

/** Of each text, `{package}` is the name of the package that is to be mended. */
export interface Tracker {
  readonly title: string;
  /** What is known of a package, and where a report is begun. */
  readonly url: string;
  /** A command that sends a report. */
  readonly report?: string;
  /** Who mends a package, in words. */
  readonly maintainers?: string;
}

/** The open question of the 2020 thread, as far as somebody answered it in public. */
export interface Ships extends Sourced {
  readonly agrees: 'yes' | 'no' | 'unknown';
  /** Who packages Kata there, as the source names them. */
  readonly maintainer?: string;
  /** ISO date of the last change to the package. */
  readonly lastActivity?: string;
}

export type DistroId = `${string}-${string}`;

/** ISO dates (`2028-08-09`). A rolling release has neither. */
export interface Lifecycle {
  readonly rolling: boolean;
  readonly released?: string;
  /** End of the distro's regular support. */
  readonly eol?: string;
  /** End of its last free security support (LTS), where that is later. */
  readonly lts?: string;
  /** Where the dates were read. */
  readonly source: string;
}

/** The day after which nobody mends the release any more; undefined for a rolling one or an open end. */
export function endOfLife({ lifecycle }: Pick<Distro, 'lifecycle'>): string | undefined {
  return lifecycle.lts ?? lifecycle.eol;
}
