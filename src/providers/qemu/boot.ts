import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPackaged } from '../../domain/distro.ts';
import { BootFailed } from '../../machine/faults.ts';
import { limitedBy } from '../../machine/limit.ts';
import type { BootRequest, Image } from '../../machine/machine.ts';
import type { MachineSpec } from './argv.ts';
import { type KeptState, overlay, type Place } from './freeze.ts';
import { QemuMachine } from './machine.ts';
import { bootSettled, makeIdentity } from './prepare.ts';

/** From power-on until init has come to the end of its work and SSH lets us in, on hardware of speed 1. */
const bootSeconds = 90;

export interface Booted {
  readonly machine: QemuMachine;
  /** What a template of it will have to know. */
  readonly kept: KeptState;
}

/** Boots an image from power-on, by direct kernel boot. Throws a BootFailed with what its console showed. */
export async function bootImage(image: Image, request: BootRequest, place: Place): Promise<Booted> {
  const { speed, logs, announce, signal } = request;
  const disk = place.file('disk.qcow2');
  const memory = place.file('memory');
  await mkdir(logs, { recursive: true });
  await overlay(join(image.folder, 'disk.raw'), 'raw', disk, signal);
  const spec: MachineSpec = {
    name: `katafarm-${request.run}-${request.name}`,
    accelerator: speed.accelerator,
    // Under emulation one processor boots faster than two, and leaves the others to other machines.
    emulateWithout: image.distro.images.qemu?.emulateWithout ?? [],
    vcpus: speed.accelerator === 'kvm' ? 2 : 1,
    memoryMiB: request.memoryMiB,
    memory: { file: memory, share: true },
    kernel: join(image.folder, 'vmlinuz'),
    initrd: join(image.folder, 'initrd'),
    commandLine: 'root=/dev/vda rw console=ttyS0',
    disk,
    network: request.network,
    sockets: place.sockets(),
    console: join(logs, 'console.log'),
    incoming: false,
  };
  const litter = [disk, memory];
  const machine = await QemuMachine.start({ qemu: place.qemu, spec, logs, litter, announce, signal });

  // A kernel that panicked will not answer any more: its limit need not be waited for.
  const over = new AbortController();
  const watch = setInterval(async () => {
    const [first] = (await machine.judge()).fatal;
    if (first !== undefined) {
      over.abort(new Error(`cannot boot ${machine.name}: ${first}`));
    }
  }, 3_000);

  try {
    const limit = AbortSignal.any([
      limitedBy(signal, bootSeconds * speed.factor, `${machine.name} to boot`),
      over.signal,
    ]);
    await bootSettled(machine, limit);
    const identity = await makeIdentity(machine, place.file('identity'), limit);
    if (request.purpose === 'commands') {
      await machine.login(identity, limit);
    }
    const { qemu } = image.distro.parts;
    return { machine, kept: { identity, ...(isPackaged(qemu) && { innerQemu: qemu.path }) } };
  } catch (error) {
    const { fatal, farm } = await machine.judge();
    await machine[Symbol.asyncDispose]();
    signal.throwIfAborted();
    const said = [(error as Error).message, ...farm].join('; ');
    throw new BootFailed(said, fatal, error);
  } finally {
    clearInterval(watch);
  }
}
