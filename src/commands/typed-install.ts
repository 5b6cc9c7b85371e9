import type { PackageManagerId } from '../domain/distro.ts';

/** What people type, as root, to install packages; the farm's own commands ask nothing and say more. */
const typed: Readonly<Partial<Record<PackageManagerId, string>>> = {
  apt: 'apt-get install',
  dnf: 'dnf install',
  tdnf: 'tdnf install',
  microdnf: 'microdnf install',
  zypper: 'zypper install',
  apk: 'apk add',
  pacman: 'pacman -S --needed',
  xbps: 'xbps-install',
};

/** The command that installs packages; undefined where the package manager is not one that installs by name. */
export function typedInstall(manager: PackageManagerId, packages: readonly string[]): string | undefined {
  const command = typed[manager];
  return command === undefined ? undefined : `${command} ${packages.join(' ')}`;
}
