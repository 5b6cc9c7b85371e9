import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Distro } from '../../../domain/distro.ts';
import { emulatedWithout } from '../../../domain/image-source.ts';
import type { Speed } from '../../../domain/speed.ts';
import { UserError } from '../../../errors.ts';
import { imageParts, installMissing } from '../../../install/install-missing.ts';
import type { InstalledParts } from '../../../install/installed-parts.ts';
import { ManagerHeld, MirrorTrouble } from '../../../install/package-trouble.ts';
import { guestOf } from '../../../machine/guest.ts';
import { limitedBy } from '../../../machine/limit.ts';
import type { Tell } from '../../../machine/machine.ts';
import type { Firmware, MachineSpec } from '../argv.ts';
import type { Place } from '../freeze.ts';
import type { QemuMachine } from '../machine.ts';
import { bootTried, type Known } from './boot-tried.ts';
import type { DiskFile } from './disk-file.ts';
import { makeDisk, wholeDisk } from './disks.ts';
import { placeFirmware } from './place-firmware.ts';
import { seedImage } from './seed.ts';
import { shutDown, takeOut } from './take-out.ts';

/** For the package manager to bring everything, on hardware of speed 1. */
const installSeconds = 1_200;
/** A machine that installs and does nothing else. */
const memoryMiB = 2_048;

/** The parts that an image is asked for. A kernel it has: the one that it boots. */
const wanted = imageParts.filter((part) => part !== 'kernel');

/** A published disk that is to become an image. */
export interface Order {
  readonly distro: Distro;
  readonly disk: DiskFile & { readonly path: string };
  readonly firmware: 'bios' | 'uefi';
  /** Where the image's files are put: disk, kernel, busybox, list of packages, and what its firmware needs. */
  readonly folder: string;
}

/** What came of it beyond its files. */
export interface Furnished {
  /** Departures from what was published, in words. */
  readonly deviations: readonly string[];
  /** The files of the image. */
  readonly files: readonly string[];
}

/** Makes an image of a published disk, whatever that takes. */
export type Furnish = (
  order: Order,
  place: Place,
  known: Known,
  tell: Tell,
  signal: AbortSignal,
) => Promise<Furnished>;

/**
 * Boots a published disk for the first time, has what it lacks installed by its own package manager, and keeps what is left
 * as an image: no cloud-init will run in it again.
 */
export const furnish: Furnish = async (order, place, known, tell, signal) => {
  const { distro, disk, folder } = order;
  const work = place.file('first-boot');
  await mkdir(work, { recursive: true });
  const [own, seed] = [join(work, 'disk.qcow2'), join(work, 'seed')];
  await makeDisk(disk, own, signal);
  await writeFile(seed, seedImage(`katafarm-${distro.id}`));
  const firmware = await placeFirmware(order, signal);
  const about = { disk: own, seed, firmware, memory: join(work, 'memory') };
  const spec = (speed: Speed) => firstSpec(order, about, speed);

  tell(`${distro.id}: booting its image for the first time, to install what it lacks; some minutes`);
  const { machine, deviations, speed } = await bootTried(distro.id, spec, work, place, known, tell, signal);
  await using _machine = machine;
  const limit = limitedBy(signal, installSeconds * speed.factor, `${distro.id}'s packages to be installed`);
  const installed = await installIn(machine, distro, tell, limit);
  const files = await takeOut(machine, distro.id, folder, installed.packages, limit);
  await shutDown(machine, speed.factor, signal);
  tell(`${distro.id}: making the disk`);
  await wholeDisk(own, join(folder, 'disk.raw'), signal);
  return {
    files: ['disk.raw', ...files, ...(order.firmware === 'uefi' ? ['code.fd', 'vars.fd'] : [])],
    deviations: [
      `the distro's own image, booted once by cloud-init with a seed of the farm's; cloud-init is off since then`,
      `booted by its own bootloader, after ${order.firmware === 'uefi' ? "this host's UEFI" : "QEMU's BIOS"}; a command channel on virtio-serial`,
      ...deviations,
      ...installed.deviations,
      ...lackOf(installed),
    ],
  };
};

interface About {
  readonly disk: string;
  readonly seed: string;
  readonly memory: string;
  readonly firmware: Firmware;
}

/** A machine of an image, at its first boot. Pure. */
export function firstSpec(
  { distro, folder }: Pick<Order, 'distro' | 'folder'>,
  { memory, ...about }: About,
  { accelerator }: Pick<Speed, 'accelerator'>,
): Omit<MachineSpec, 'sockets' | 'console'> {
  return {
    ...about,
    ...{ name: `katafarm-first-boot-${distro.id}`, accelerator, memoryMiB, network: true, incoming: false },
    emulateWithout: emulatedWithout(distro.images, 'cloud'),
    vcpus: accelerator === 'kvm' ? 2 : 1,
    memory: { file: memory, share: true },
    ...{ kernel: join(folder, 'vmlinuz'), initrd: '', commandLine: '' },
  };
}

async function installIn(
  machine: QemuMachine,
  distro: Distro,
  tell: Tell,
  signal: AbortSignal,
): Promise<InstalledParts> {
  const say = (line: string) => tell(`${distro.id}: ${line}`);
  const guest = guestOf(
    machine,
    () => {},
    () => signal,
  );
  try {
    return await installMissing(guest, distro, { parts: wanted, tell: say, signal });
  } catch (cause) {
    if (cause instanceof MirrorTrouble || cause instanceof ManagerHeld) {
      throw new UserError(
        `cannot make an image of ${distro.id}: ${cause.message}; look at the network, and try again later: what was fetched is kept`,
        { exitCode: 3, cause },
      );
    }
    throw cause;
  }
}

/** What its release's file claims, and its package manager does not give: a scenario that needs it will say so. */
function lackOf({ parts }: InstalledParts): readonly string[] {
  return Object.entries(parts).flatMap(([part, state]) =>
    state.state === 'installed' ? [] : [`without ${part}: ${state.package} is ${state.state}: ${state.said}`],
  );
}
