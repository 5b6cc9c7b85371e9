import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPackaged } from '../../domain/claim.ts';
import { emulatedWithout } from '../../domain/image-source.ts';
import { limitedBy } from '../../machine/limit.ts';
import { phaseLimits } from '../../machine/limits.ts';
import type { BootRequest, Image } from '../../machine/machine.ts';
import { boards } from './arch.ts';
import type { MachineSpec } from './argv.ts';
import { comingUp } from './coming-up.ts';
import { type KeptState, overlay, type Place } from './freeze.ts';
import { uefiCode, uefiVars } from './image-record.ts';
import { QemuMachine } from './machine.ts';
import { bootSettled, makeIdentity } from './prepare.ts';

export interface Booted {
  readonly machine: QemuMachine;
  /** What a template of it will have to know. */
  readonly kept: KeptState;
}

/** What of a machine is to itself. */
export type OwnPaths = Pick<MachineSpec, 'disk' | 'sockets' | 'console'> & { readonly memory: string };

/** A machine of an image, as it is at power-on. Pure. */
export function bootSpec(image: Image, request: BootRequest, { memory, ...paths }: OwnPaths): MachineSpec {
  const { accelerator } = request.speed;
  const { arch } = image.distro;
  return {
    ...paths,
    ...(arch !== 'amd64' && { arch }),
    name: `katafarm-${request.run}-${request.name}`,
    accelerator,
    emulateWithout: emulatedWithout(image.distro.images, image.firmware === undefined ? 'built' : 'cloud'),
    ...(request.bare && { bare: true }),
    // Under emulation one processor boots faster than two, and leaves the others to other machines.
    vcpus: accelerator === 'kvm' ? 2 : 1,
    memoryMiB: request.memoryMiB,
    memory: { file: memory, share: true },
    kernel: join(image.folder, 'vmlinuz'),
    initrd: join(image.folder, 'initrd'),
    commandLine: `root=/dev/vda rw console=${boards[arch].console}`,
    ...firmwareOf(image),
    network: request.network,
    incoming: false,
  };
}

/** What an image that boots by itself is booted by. Pure. */
function firmwareOf({ folder, firmware }: Image): Pick<MachineSpec, 'firmware'> {
  switch (firmware) {
    case undefined:
      return {};
    case 'bios':
      return { firmware: { kind: 'bios' } };
    case 'uefi':
      return { firmware: { kind: 'uefi', code: join(folder, uefiCode), vars: join(folder, uefiVars) } };
    default:
      return firmware satisfies never;
  }
}

/** The distro's own QEMU in its machines. */
export function innerQemuOf({ parts: { qemu } }: Image['distro']): string | undefined {
  return isPackaged(qemu) ? qemu.path : undefined;
}

/** Boots an image from power-on, by its kernel or its own bootloader. Throws a BootFailed with what its console showed. */
export async function bootImage(image: Image, request: BootRequest, place: Place): Promise<Booted> {
  const { speed, logs, announce, signal } = request;
  const disk = place.file('disk.qcow2');
  const memory = place.file('memory');
  await mkdir(logs, { recursive: true });
  await overlay(join(image.folder, 'disk.raw'), 'raw', disk, signal);
  const paths = { disk, memory, sockets: place.sockets(), console: join(logs, 'console.log') };
  const spec = bootSpec(image, request, paths);
  const litter = [disk, memory];
  const machine = await QemuMachine.start({ qemu: place.qemu, spec, logs, litter, announce, signal });

  try {
    return await comingUp(machine, signal, async (coming) => {
      const seconds = phaseLimits.boot.machineSeconds * speed.factor;
      const limit = limitedBy(coming, seconds, `${machine.name} to boot`);
      await bootSettled(machine, limit);
      const identity = await makeIdentity(machine, place.file('identity'), limit);
      if (request.purpose === 'commands') {
        await machine.login(identity, limit);
      }
      return { machine, kept: { identity, innerQemu: innerQemuOf(image.distro) } };
    });
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}
