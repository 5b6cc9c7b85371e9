import type { PackageManagerId } from '../../src/domain/distro.ts';

/** How a package manager is asked for a toolchain, in words that people type as root. */
export interface BuildManager {
  readonly refresh: string;
  readonly install: (packages: readonly string[]) => string;
  /** A command that prints `NAME:VERSION`, a line for each of these that is to be had. */
  readonly versions: (names: readonly string[]) => string;
  /** The package of cargo that goes with one of rustc's. */
  readonly cargo: (rustc: string) => string;
  /** What any build takes beside its own. */
  readonly common: readonly string[];
}

/** Those whose packages are known by name; whoever has machines of another adds it here, and sees it build. */
export const buildManagers: Readonly<Partial<Record<PackageManagerId, BuildManager>>> = {
  apt: {
    refresh: 'apt-get update',
    install: (packages) =>
      `DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${packages.join(' ')}`,
    versions: (names) =>
      `apt-cache policy ${names.join(' ')} | awk '/^[^ ]/ { name = $1 } /Candidate: [0-9]/ { print name $2 }'`,
    cargo: (rustc) => rustc.replace('rustc', 'cargo'),
    common: ['ca-certificates', 'curl', 'gcc', 'libc6-dev', 'make', 'tar', 'xz-utils'],
  },
};

/**
 * Of the packages that a release has of one compiler, the newest: Debian's `rustc-web` may be years ahead of its `rustc`.
 * `told` is what `versions` printed; undefined where none is to be had.
 */
export function newestOf(told: string): string | undefined {
  const had = told.split('\n').flatMap((line) => {
    const [, name, version] = /^(\S+?):(?:\d+:)?(\d+(?:\.\d+)*)/.exec(line.trim()) ?? [];
    return name === undefined || version === undefined ? [] : [{ name, version }];
  });
  const [newest] = had.toSorted((a, b) => compare(b.version, a.version));
  return newest?.name;
}

function compare(a: string, b: string): number {
  const [ours, theirs] = [a, b].map((version) => version.split('.').map(Number));
  const differing = ours?.findIndex((figure, index) => figure !== (theirs?.[index] ?? 0)) ?? -1;
  return differing < 0 ? 0 : (ours?.[differing] ?? 0) - (theirs?.[differing] ?? 0);
}
