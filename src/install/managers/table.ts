import type { PackageManagerId } from '../../domain/distro.ts';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { dnf, microdnf, tdnf } from './dnf.ts';
import type { PackageManager, UnsupportedManager } from './package-manager.ts';
import { pacman } from './pacman.ts';
import { xbps } from './xbps.ts';
import { zypper } from './zypper.ts';

/** Every package manager that a release may have. */
export const managers: Readonly<Record<PackageManagerId, PackageManager | UnsupportedManager>> = {
  ...{ apt, dnf, tdnf, microdnf, zypper, apk, pacman, xbps },
  nix: {
    id: 'nix',
    unsupported:
      'NixOS installs nothing into a running system: what it has is what its configuration says when it is built',
  },
  portage: {
    id: 'portage',
    unsupported: 'Gentoo builds packages from source: QEMU and a kernel take hours on a machine of the farm',
  },
};

export function isSupported(manager: PackageManager | UnsupportedManager): manager is PackageManager {
  return !('unsupported' in manager);
}

/** What people type to install packages; undefined where the package manager is not one that installs by name. */
export function typedInstall(id: PackageManagerId, packages: readonly string[]): string | undefined {
  const manager = managers[id];
  return isSupported(manager) ? `${manager.typed} ${packages.join(' ')}` : undefined;
}
