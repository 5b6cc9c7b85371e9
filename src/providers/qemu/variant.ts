import { join } from 'node:path';
import { isPackaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import type { Speed } from '../../domain/speed.ts';
import { UserError } from '../../errors.ts';
import { isThere } from '../../host/lock.ts';
import { isSupported, managers } from '../../install/managers/table.ts';
import type { Tell } from '../../machine/machine.ts';
import type { Offer, Refusal } from '../../machine/offer.ts';
import { whyNone } from './cloud/about-source.ts';
import { cloudMaker } from './cloud/maker.ts';
import { sourceOf } from './cloud/source.ts';
import type { Place } from './freeze.ts';
import { kvmObstacle } from './host.ts';
import { anyImage } from './image-cache.ts';
import type { ImageMaker } from './image-maker.ts';
import type { QemuOptions } from './kit.ts';

/** How a machine of QEMU's was had. */
export type QemuVariant = 'qemu:built' | 'qemu:cloud';

/** Of one machine, as the guest sees it: half of it is /dev/shm, where a sandbox of Kata's keeps 2 GiB. */
const memoryMiB = 6144;

const devices = ['/dev/kvm', '/dev/vhost-vsock', '/dev/vhost-net', '/dev/net/tun'];

/** Machines of a release in one of the two ways, or why there are none. Pure. */
export function offerOf(
  distro: Distro,
  variant: QemuVariant,
  brought: Readonly<Record<string, string>> = {},
): Offer | Refusal {
  const because = whyNoImage(distro, variant, brought);
  return because === undefined ? { variant, devices, memoryMiB } : { because };
}

function whyNoImage(
  distro: Distro,
  variant: QemuVariant,
  brought: Readonly<Record<string, string>>,
): string | undefined {
  const { id, images, parts, arch } = distro;
  if (variant === 'qemu:cloud') {
    if (arch !== 'amd64') {
      return `no cloud image of ${arch} was ever tried`;
    }
    const manager = managers[distro.packageManager];
    if (!isSupported(manager)) {
      return `nothing can be installed in its image: ${manager.unsupported}`;
    }
    return sourceOf(images.cloud, brought[id]) ? undefined : whyNone(distro);
  }
  if (brought[id] !== undefined) {
    return 'an image was brought for it (--image)';
  }
  if (!images.qemu) {
    return 'its file has no image recipe';
  }
  return isPackaged(parts.kernel) ? undefined : 'it packages no kernel to boot';
}

/** How a variant's images are made; undefined: they are built. `measured` says what is known of this host's machines. */
export function makerFor(
  variant: QemuVariant,
  { accelerator, brought = {}, imageMirrors: mirrors = {} }: QemuOptions,
  place: Place,
  measured: (fresh: boolean, tell: Tell, signal: AbortSignal) => Promise<Speed | undefined>,
): ImageMaker | undefined {
  const known = {
    speed: (tell: Tell, signal: AbortSignal) => measured(accelerator !== 'auto', tell, signal),
    accelerators: () => acceleratorsFor(accelerator),
  };
  return variant === 'qemu:cloud' ? cloudMaker({ brought, mirrors, place, known }) : undefined;
}

/** What a first boot may be tried with, best first: where nothing is known of this host. */
async function acceleratorsFor(asked: 'auto' | 'kvm' | 'tcg'): Promise<readonly ('kvm' | 'tcg')[]> {
  if (asked !== 'auto') {
    return [asked];
  }
  return (await kvmObstacle()) === undefined ? ['kvm', 'tcg'] : ['tcg'];
}

/** The folder whose kernel the probe boots: an image's own, or another's where its distro packages no static busybox. */
export async function probedBy(folder: string, cache: string): Promise<string> {
  if (await isThere(join(folder, 'busybox'))) {
    return folder;
  }
  const other = await anyImage(cache);
  if (other === undefined) {
    throw new UserError(
      'cannot measure what machines do here: this image has no static busybox, and the cache no other; have one first, as by katafarm image build debian-13',
      { exitCode: 3 },
    );
  }
  return other;
}
