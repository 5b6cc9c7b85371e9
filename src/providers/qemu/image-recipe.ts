import { createHash } from 'node:crypto';
import type { Distro } from '../../domain/distro.ts';
import { type Mirror, type RootFiles, type RootRecipe, rootRecipe } from '../../host/mmdebstrap.ts';
import { channelPath, channelScript, channelUnit } from './channel.ts';

/** How an image is made: everything that goes into it, and so into its name in the cache. Pure. */
export interface ImageRecipe extends RootRecipe {
  /** Files of the farm's own in the machine, by path. */
  readonly files: RootFiles;
  /** Run in the new root by /bin/sh, after the files are there. */
  readonly finish: string;
  /** Departures from the distro's defaults, for the record; building may add to them. */
  readonly deviations: readonly string[];
}

/** slirp gives these addresses to every machine; a fixed one spares DHCP's wait at each boot. */
const network = `[Match]
Name=en* eth*
[Network]
Address=10.0.2.15/24
Gateway=10.0.2.2
DNS=10.0.2.3
`;

/** What is left is a machine as it is after its first boot: no cache is rebuilt (systemd-update-done.service(8)). */
const finish = `
echo katafarm > /etc/hostname
printf '127.0.0.1 localhost katafarm\\n::1 localhost\\n' > /etc/hosts
rm -f /etc/resolv.conf
echo nameserver 10.0.2.3 > /etc/resolv.conf
systemctl enable katafarm-channel.service systemd-networkd.service >/dev/null 2>&1
! [ -e /usr/sbin/exim4 ] || systemctl disable exim4.service >/dev/null 2>&1
touch /etc/.updated /var/.updated
`;

/** Throws a TypeError where the distro has no recipe: the planner asked `offers` first. */
export function imageRecipe(distro: Distro, mirror: Mirror): ImageRecipe {
  const image = distro.images.qemu;
  if (!image) {
    throw new TypeError(`${distro.id} has no image recipe`);
  }

  return {
    ...rootRecipe(distro, mirror),
    files: {
      [channelPath]: { text: channelScript, mode: 0o755 },
      '/etc/systemd/system/katafarm-channel.service': { text: channelUnit, mode: 0o644 },
      '/etc/systemd/network/10-katafarm.network': { text: network, mode: 0o644 },
    },
    finish,
    deviations: [
      `built by mmdebstrap (variant important, Recommends on) with: ${image.include.join(' ')}`,
      ...(image.exclude.length > 0 ? [`left out of the Recommends: ${image.exclude.join(' ')}`] : []),
      'booted by direct kernel boot; systemd-networkd with a fixed address; a command channel on virtio-serial',
      'exim4, which cron recommends, is not started',
      ...(mirror.allowExpired ? ["the mirror's expired Release file was accepted"] : []),
    ],
  };
}

/** Two equal recipes make the same image by the same builder, as far as the distro's archive stands still. */
export function recipeKey(recipe: ImageRecipe, builder = ''): string {
  return createHash('sha256').update(JSON.stringify(recipe)).update(builder).digest('hex');
}
