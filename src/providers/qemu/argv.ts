/** What a machine's command line is made of. Plain data; paths are absolute. */
export interface MachineSpec {
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
  /** A qcow2 overlay. */
  readonly disk: string;
  readonly network: boolean;
  /** A short path: sockets have 108 bytes. */
  readonly sockets: string;
  readonly console: string;
  /** Starts by waiting for a saved state, in place of power-on. */
  readonly incoming: boolean;
}

/** The port by which the channel's shell is reached, as a device node in the guest. */
export const channelPort = 'org.katafarm.channel';

/** The fixed part of every machine: no balloon, virtio-mem, 9p or vhost-user (they would break freezing). */
const fixed = ['-nodefaults', '-no-user-config', '-display', 'none'];

/**
 * `max` under emulation has AMD's SVM, which is what makes nested KVM work there; without 5-level paging, as walks of
 * nested page tables are what emulation spends its time on.
 */
export const cpuModels = { kvm: 'host,migratable=on', tcg: 'max,la57=off' } as const;
const accel = { kvm: 'kvm', tcg: 'tcg,thread=multi' };

/** The flag by which a guest knows that it is one (CPUID 1, ECX 31), left out. */
const withoutHypervisor = '-hypervisor';

function cpuOf({ accelerator, emulateWithout, bare = false }: MachineSpec): string {
  const without = accelerator === 'tcg' ? emulateWithout.map((feature) => `${feature}=off`) : [];
  return [cpuModels[accelerator], ...without, ...(bare ? [withoutHypervisor] : [])].join(',');
}

/** Whether a command line is that of a machine whose CPU doesn't say that it is virtual. */
export function isBare(argv: readonly string[]): boolean {
  return argv[argv.indexOf('-cpu') + 1]?.split(',').includes(withoutHypervisor) ?? false;
}

/** QEMU's option syntax: a comma in a value is written twice. */
const escaped = (path: string) => path.replaceAll(',', ',,');

/** A machine's whole command line, without the program. `-accel` alone: `-machine accel=` excludes it. */
export function machineArgv(spec: MachineSpec): readonly string[] {
  const { memory, sockets } = spec;
  const ram = `memory-backend-file,id=ram,size=${spec.memoryMiB}M,mem-path=${escaped(memory.file)}`;
  const forward = 'hostfwd=tcp:127.0.0.1:0-10.0.2.15:22';

  return [
    ...['-name', spec.name],
    ...fixed,
    ...['-machine', 'q35,memory-backend=ram', '-accel', accel[spec.accelerator], '-cpu', cpuOf(spec)],
    ...['-smp', String(spec.vcpus), '-m', String(spec.memoryMiB)],
    ...['-object', `${ram},share=${memory.share ? 'on' : 'off'}`],
    ...['-kernel', spec.kernel, '-initrd', spec.initrd, '-append', spec.commandLine],
    ...['-drive', `if=none,id=disk,file=${escaped(spec.disk)},format=qcow2,cache=unsafe,discard=unmap`],
    ...['-device', 'virtio-blk-pci,drive=disk'],
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
    ...['-device', 'vmgenid,guid=auto'],
    ...['-qmp', `unix:${escaped(sockets)}/qmp,server=on,wait=off`],
    ...(spec.incoming ? ['-incoming', 'defer'] : []),
  ];
}
