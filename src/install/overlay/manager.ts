import type { Distro } from '../../domain/distro.ts';
import { aptManager } from './apt.ts';

/** What is to be put into a machine, once its files are there. */
export interface OverlayOrder {
  /** Packages' files, as paths in the machine. */
  readonly files: readonly string[];
  /** Repositories as lines of the package manager's own. */
  readonly sources: readonly string[];
  /** Repositories of the release's own mirror, by name. */
  readonly suites: readonly string[];
  /** Packages that a repository is asked for which its distro doesn't want to be taken as a whole. */
  readonly parts: readonly string[];
}

/** How it went, by the script's exit status. */
export interface OverlayEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a package manager needs to take an overlay. All of it is pure. */
export interface OverlayManager {
  /** What a package's file begins with. */
  readonly magic: string;
  /** As people call such a file. */
  readonly kind: string;
  /** Where in a machine the overlay's files are. */
  readonly folder: string;
  /** The line that names a repository; `place` is an address, or a folder of the machine's. */
  readonly source: (place: string, suite?: string, components?: readonly string[]) => string;
  /** Puts it in; prints versions before and after. */
  readonly script: (order: OverlayOrder) => string;
  /** Undefined where all is well; else what was wrong, and whether that speaks of the packages. */
  readonly judge: (end: OverlayEnd) => OverlayTrouble | undefined;
}

export interface OverlayTrouble {
  /** `packages`: a verdict on them. `farm`: a mirror, a disk, or what the farm can't do. */
  readonly whose: 'packages' | 'farm';
  readonly message: string;
  /** What the package manager said. */
  readonly detail: string;
}

/** By the release's package manager. Others than these can't take an overlay yet. */
const managers: Readonly<Partial<Record<string, OverlayManager>>> = { apt: aptManager };

/** Undefined where overlays are not known for the release's package manager. */
export function managerOf({ packageManager }: Pick<Distro, 'packageManager'>): OverlayManager | undefined {
  return managers[packageManager];
}
