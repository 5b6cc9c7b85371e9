import type { PackageManagerId } from '../domain/distro.ts';

/** What scenarios and the farm's own steps call in a machine, beside the parts. */
export const instruments = [...['busybox', 'cpio', 'iproute2', 'kmod', 'socat', 'xz', 'zstd']] as const;

export type Instrument = (typeof instruments)[number];

type Names = Readonly<Partial<Record<Instrument, readonly string[]>>>;

/** By whose packages they come; the names that are not here are the instruments' own. */
const names: Readonly<Partial<Record<PackageManagerId, Names>>> = {
  apt: { busybox: ['busybox-static'], xz: ['xz-utils'] },
  // `tc` is a package of its own there; busybox is linked statically.
  dnf: { iproute2: ['iproute', 'iproute-tc'] },
  microdnf: { iproute2: ['iproute', 'iproute-tc'] },
  tdnf: { iproute2: ['iproute'] },
  zypper: { busybox: ['busybox-static'] },
  apk: { busybox: ['busybox-static'] },
  xbps: { busybox: ['busybox-static'] },
};

/** The packages that an instrument comes by. busybox is the static one: it runs in guests that have no libc. */
export function packagesOf(instrument: Instrument, manager: PackageManagerId): readonly string[] {
  return names[manager]?.[instrument] ?? [instrument];
}
