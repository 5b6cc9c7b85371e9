import type { Arch } from '../../domain/arch.ts';
import { boards } from './arch.ts';

/** What a machine's command line is made of. Plain data; paths are absolute. */
export interface MachineSpec {
  /** Missing: amd64. */
  readonly arch?: Arch;
  /** Stands in the process list: `katafarm-RUN-CELL`. */
  readonly name: string;
  readonly accelerator: 'kvm' | 'tcg';
  /** CPU features that are left out under emulation. */
  readonly emulateWithout: readonly string[];
  /** Its CPU has no `hypervisor` flag. */
  readonly bare?: boolean;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** The guest's RAM. `share` while a template is made; clones map it privately. */
  readonly memory: { readonly file: string; readonly share: boolean };
  readonly kernel: string;
  readonly initrd: string;
  readonly commandLine: string;
  /** It boots by what is on its disk, in place of kernel and initrd. */
  readonly firmware?: Firmware;
  /** A qcow2 overlay. */
  readonly disk: string;
  /** A second disk that it reads and nobody writes to: only at its image's first boot. */
  readonly seed?: string;
  readonly network: boolean;
  /** A short path: sockets have 108 bytes. */
  readonly sockets: string;
  readonly console: string;
  /** Starts by waiting for a saved state, in place of power-on. */
  readonly incoming: boolean;
}

/** What comes before a machine's own bootloader. */
export type Firmware =
  /** SeaBIOS, which comes along with QEMU. */
  | { readonly kind: 'bios' }
  /** What a machine writes to its variables stays for its image's first boot alone (`keep`); else it ends with the machine. */
  | { readonly kind: 'uefi'; readonly code: string; readonly vars: string; readonly keep?: boolean };

/** The port by which the channel's shell is reached, as a device node in the guest. */
export const channelPort = 'org.katafarm.channel';

/** The fixed part of every machine: no balloon, virtio-mem, 9p or vhost-user (they would break freezing). */
const fixed = ['-nodefaults', '-no-user-config', '-display', 'none'];

const accel = { kvm: 'kvm', tcg: 'tcg,thread=multi' };

/** The flag by which a guest knows that it is one (CPUID 1, ECX 31), left out. */
const withoutHypervisor = '-hypervisor';

function cpuOf({ arch = 'amd64', accelerator, emulateWithout, bare = false }: MachineSpec): string {
  const without = accelerator === 'tcg' ? emulateWithout.map((feature) => `${feature}=off`) : [];
  return [boards[arch].cpu[accelerator], ...without, ...(bare ? [withoutHypervisor] : [])].join(',');
}

/** Whether a command line is that of a machine whose CPU doesn't say that it is virtual. */
export function isBare(argv: readonly string[]): boolean {
  return argv[argv.indexOf('-cpu') + 1]?.split(',').includes(withoutHypervisor) ?? false;
}

/** QEMU's option syntax: a comma in a value is written twice. */
const escaped = (path: string) => path.replaceAll(',', ',,');

/** A machine's whole command line, without the program. `-accel` alone: `-machine accel=` excludes it. */
export function machineArgv(spec: MachineSpec): readonly string[] {
  const { arch = 'amd64', accelerator, memory, sockets } = spec;
  const { machine, options, hasGenerationId } = boards[arch];
  const ram = `memory-backend-file,id=ram,size=${spec.memoryMiB}M,mem-path=${escaped(memory.file)}`;
  const forward = 'hostfwd=tcp:127.0.0.1:0-10.0.2.15:22';

  return [
    ...['-name', spec.name],
    ...fixed,
    ...['-machine', `${machine}${options[accelerator]},memory-backend=ram`],
    ...['-accel', accel[accelerator], '-cpu', cpuOf(spec)],
    ...['-smp', String(spec.vcpus), '-m', String(spec.memoryMiB)],
    ...['-object', `${ram},share=${memory.share ? 'on' : 'off'}`],
    ...bootingBy(spec),
    ...['-drive', `if=none,id=disk,file=${escaped(spec.disk)},format=qcow2,cache=unsafe,discard=unmap`],
    ...['-device', `virtio-blk-pci,drive=disk${spec.firmware ? ',bootindex=0' : ''}`],
    ...['-netdev', `user,id=net,restrict=${spec.network ? 'off' : 'on'},${forward}`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
    ...[
      '-device',
      'virtio-serial-pci',
      '-chardev',
      `socket,id=channel,path=${escaped(sockets)}/channel,server=on,wait=off`,
    ],
    ...['-device', `virtserialport,chardev=channel,name=${channelPort}`],
    ...['-chardev', `file,id=console,path=${escaped(spec.console)}`, '-serial', 'chardev:console'],
    ...['-object', 'rng-random,id=rng,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng'],
    ...(hasGenerationId ? ['-device', 'vmgenid,guid=auto'] : []),
    ...seeded(spec),
    ...['-qmp', `unix:${escaped(sockets)}/qmp,server=on,wait=off`],
    ...(spec.incoming ? ['-incoming', 'defer'] : []),
  ];
}

function bootingBy({ firmware, kernel, initrd, commandLine }: MachineSpec): readonly string[] {
  if (!firmware) {
    return ['-kernel', kernel, '-initrd', initrd, '-append', commandLine];
  }
  if (firmware.kind === 'bios') {
    return [];
  }
  const { code, vars, keep = false } = firmware;
  return [
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${escaped(code)}`],
    ...['-drive', `if=pflash,unit=1,format=raw,file=${escaped(vars)}${keep ? '' : ',snapshot=on'}`],
  ];
}

/** Behind all other devices: without it, they are at the places that they had with it. */
function seeded({ seed }: MachineSpec): readonly string[] {
  return seed === undefined
    ? []
    : [
        ...['-drive', `if=none,id=seed,file=${escaped(seed)},format=raw,readonly=on`],
        ...['-device', 'virtio-blk-pci,drive=seed'],
      ];
}
