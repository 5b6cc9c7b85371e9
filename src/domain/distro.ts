import type { Part } from './stack.ts';

/** A release of a distribution, as its YAML file describes it. The file's name is its id: `debian-13`. */
export interface Distro {
  readonly id: DistroId;
  readonly title: string;
  readonly family: string;
  readonly arch: Arch;
  readonly packageManager: 'apt';
  readonly lifecycle: Lifecycle;
  /** The security module of a default install. */
  readonly lsm: 'apparmor' | 'selinux' | 'none';
  readonly parts: Readonly<Record<Part, PartClaim>>;
  /** How each provider gets its machines. */
  readonly images: { readonly qemu?: BuiltImage };
  /** Where its failures are reported; missing: nobody wrote it down. */
  readonly tracker?: Tracker;
  /** Said beside a verdict, never instead of one. */
  readonly notes: readonly string[];
}

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

export type DistroId = `${string}-${string}`;
export type Arch = 'amd64';

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

/** What the distro packages, or the statement that it does not, with its source. */
export type PartClaim = Packaged | NotPackaged;

export interface Packaged {
  /** The package that owns the binary. */
  readonly package: string;
  /** The binary's path in an installed system. The kernel's is a prefix: the release follows it. */
  readonly path: string;
}

export interface NotPackaged {
  readonly notPackaged: string;
}

/** A machine image that mmdebstrap builds. */
export interface BuiltImage {
  readonly build: 'mmdebstrap';
  readonly suite: string;
  readonly components: readonly string[];
  /** Suites beside the release's own: `trixie-security` and the like, as lines of a sources.list. */
  readonly sources: readonly string[];
  /** Packages beside those of the parts. */
  readonly include: readonly string[];
  /** CPU features that QEMU's emulation gets wrong for this release's kernel; hardware KVM has them all. */
  readonly emulateWithout: readonly string[];
  /** Recommended packages that are left out, as they can't bear on a verdict. Recorded as a deviation. */
  readonly exclude: readonly string[];
}

export function isPackaged(claim: PartClaim): claim is Packaged {
  return 'package' in claim;
}

/** The day after which nobody mends the release any more; undefined for a rolling one or an open end. */
export function endOfLife({ lifecycle }: Pick<Distro, 'lifecycle'>): string | undefined {
  return lifecycle.lts ?? lifecycle.eol;
}
