import { createHash } from 'node:crypto';
import type { SpeedClass } from '../../domain/speed.ts';
import { nestedGuestScript } from '../../host/nested-guest.ts';
import type { BootRequest, Image } from '../../machine/machine.ts';
import { type MachineSpec, machineArgv } from './argv.ts';
import { bootSpec, innerQemuOf } from './boot.ts';
import { preparation } from './prepare.ts';

/** What a host's machines depend on: a device state of one is not for another. */
export interface HostMachines {
  /** sha256 of QEMU. */
  readonly qemu: string;
  /** sha256 of the library by which machines reach the network; empty where it is part of QEMU. */
  readonly slirp: string;
  /** What `q35` means to this QEMU: `pc-q35-7.2`. */
  readonly machineType: string;
  /** Under KVM: kernel, CPU with microcode, KVM's parameters, boot id. Empty under emulation, which is the same anywhere. */
  readonly kvm: readonly string[];
}

/** Everything that goes into a template. Stands beside it, for people. */
export interface TemplateParts extends HostMachines {
  /** Raised when what is kept of a template changes. */
  readonly format: 1;
  /** The machine's command line, without what each machine has to itself. */
  readonly argv: readonly string[];
  readonly image: string;
  /** Of what is in the image's disk: two of the same packages differ in their bytes. */
  readonly disk: string;
  readonly speed: SpeedClass;
  /** What is done before the freeze and after it, as text. */
  readonly preparation: string;
  /** What a proof was had by, as text: one by another is none. */
  readonly proof: string;
}

/** As a machine's firmware is told of where it doesn't matter whose it is: its content is part of the image's digest. */
function firmwareless({ firmware }: MachineSpec): Pick<MachineSpec, 'firmware'> {
  return firmware?.kind === 'uefi' ? { firmware: { ...firmware, code: 'code.fd', vars: 'vars.fd' } } : {};
}

const nobody = { disk: 'disk', memory: 'memory', sockets: 'sockets', console: 'console' };

/** What a template of this image and kind of machine is made of. Pure. */
export function templateParts(
  image: Image,
  disk: string,
  request: BootRequest,
  host: HostMachines,
): TemplateParts {
  const spec = bootSpec(image, { ...request, network: false }, nobody);
  const argv = machineArgv({
    ...spec,
    ...firmwareless(spec),
    ...{ name: 'katafarm', kernel: 'vmlinuz', initrd: 'initrd' },
  });
  const { qemu, slirp, machineType, kvm } = host;
  return {
    ...{ qemu, slirp, machineType, kvm, format: 1, argv },
    ...{ image: image.digest, disk, speed: request.speed.class, preparation },
    proof: nestedGuestScript(innerQemuOf(image.distro) ?? 'no QEMU', 0, image.distro.arch),
  };
}

/** What stands for a child: its parent, and all that goes into the change. Pure. */
export function childKey(parent: string, change: string): string {
  return createHash('sha256')
    .update(parent + change)
    .digest('hex');
}

/** Two templates of one key are interchangeable. Pure. */
export function templateKey(parts: TemplateParts): string {
  const sorted = Object.entries(parts).toSorted(([a], [b]) => a.localeCompare(b));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}
