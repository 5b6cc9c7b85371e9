import type { InstalledStack, StackPart } from '../domain/installed-kata.ts';
import type { KataPiece, KataRuntime } from '../domain/kata.ts';
import type { Found } from './found.ts';
import type { KataLayout } from './had-kata.ts';
import type { VariantInput } from './variant.ts';

/** Values of a TOML file, by table. */
export type Tables = { readonly [key: string]: Toml };
type Toml = string | number | boolean | readonly string[] | Tables;

export type Hypervisor = InstalledStack['hypervisor'];

/** What the names of Kata's configuration files call a hypervisor. */
export const configOf: Readonly<Record<Hypervisor, string>> = {
  qemu: 'qemu',
  clh: 'clh',
  firecracker: 'fc',
  dragonball: 'dragonball',
};

/** Kata's default for a sandbox, in MiB (DEFMEMSZ of src/runtime-rs/Makefile). */
const defaultMemoryMiB = 2048;
/** What QEMU needs of /dev/shm beside a sandbox's memory, in MiB: an estimate. */
const shmMarginMiB = 128;
/** How often the measured time of a guest a limit of Kata's is given. */
const patience = 6;

/**
 * Limits of Kata's that a slow guest runs into, in seconds: the agent's (MIN_RECONNECT_TIMEOUT_MS of
 * src/runtime-rs/crates/agent/src/sock/mod.rs; `dial_timeout` of the Go runtime), and that for creating a container
 * (default_request_timeout of src/libs/kata-types/src/config/agent.rs).
 */
const usual = { rust: 10, go: 45, create: 30 } as const;

export function baseOf(
  { configs }: KataLayout,
  runtime: KataRuntime,
  hypervisor: Hypervisor,
): string | undefined {
  return configs[runtime]?.[configOf[hypervisor]];
}

export function partOf(path: string | undefined, whose: StackPart['whose']): StackPart | undefined {
  return path === undefined ? undefined : { path, whose };
}

/** Undefined: the VMM is in the shim. `own` is what the machine has, where the stack takes the distro's. */
export function vmmOf(
  hypervisor: Hypervisor,
  { pieces }: KataLayout,
  own: Found | undefined,
): StackPart | 'missing' | undefined {
  if (hypervisor === 'dragonball') {
    return pieces.dragonball === undefined ? 'missing' : undefined;
  }
  const piece = ({ qemu: 'qemu', clh: 'cloud-hypervisor', firecracker: 'firecracker' } as const)[hypervisor];
  const name: KataPiece = piece;
  return (own ? partOf(own[piece], 'distro') : partOf(pieces[name], 'kata')) ?? 'missing';
}

/** Kata's image, else its initrd; for a distro's kernel the initrd that the farm made, as its drivers are modules. */
export function rootfsOf(
  { layout: { pieces }, found, initrdOnly }: VariantInput,
  isDistroKernel: boolean,
): InstalledStack['rootfs'] | undefined {
  if (isDistroKernel) {
    return found.initrd === undefined ? undefined : { kind: 'initrd', path: found.initrd, whose: 'farm' };
  }
  const { image, initrd } = pieces;
  if (image !== undefined && !initrdOnly) {
    return { kind: 'image', path: image, whose: 'kata' };
  }
  return initrd === undefined ? undefined : { kind: 'initrd', path: initrd, whose: 'kata' };
}

interface Setting {
  readonly keys: Tables;
  readonly said: string;
}

/** What Kata has to be asked to do otherwise, as the distro's QEMU or kernel refuses its default: one key each. */
export function departuresOf({ lacks, ioUring }: Found, rootfs: 'image' | 'initrd'): readonly Setting[] {
  return [
    ...(lacks.includes('nvdimm') && rootfs === 'image'
      ? [
          {
            keys: { vm_rootfs_driver: 'virtio-blk-pci', disable_image_nvdimm: true },
            said: "vm_rootfs_driver = virtio-blk-pci, as the distro's QEMU has no nvdimm",
          },
        ]
      : []),
    ...(lacks.includes('io_uring')
      ? [{ keys: { block_device_aio: 'threads' }, said: `block_device_aio = threads, as ${ioUring}` }]
      : []),
  ];
}

/** A sandbox of QEMU's has all its memory in /dev/shm: it follows what is there. */
export function memoryOf(hypervisor: Hypervisor, { shmMiB }: Found) {
  const fits = hypervisor === 'qemu' ? Math.floor((shmMiB - shmMarginMiB) / 128) * 128 : defaultMemoryMiB;
  const memoryMiB = Math.max(256, Math.min(defaultMemoryMiB, fits));
  return memoryMiB === defaultMemoryMiB
    ? { memoryMiB, keys: {}, said: [] }
    : {
        memoryMiB,
        keys: { default_memory: memoryMiB },
        said: [`default_memory = ${memoryMiB}, as this machine's /dev/shm has ${shmMiB} MiB`],
      };
}

/** Kata's own limits, where a guest's time, measured in this machine, comes near them. */
export function limitsOf(
  runtime: KataRuntime,
  { nestedMs, factor }: VariantInput,
): { readonly tables: Tables; readonly said: readonly string[] } {
  // Not measured, as where nothing could be proved: what a guest takes on hardware, an estimate, stretched.
  const guestMs = nestedMs ?? 2_000 * factor;
  const seconds = Math.ceil((guestMs * patience) / 10_000) * 10;
  const because = `, as a guest takes ${(guestMs / 1000).toFixed(1)} s here`;
  const connect = Math.max(seconds, usual[runtime]);
  const create = Math.max(seconds, usual.create);
  const isSlow = connect > usual[runtime];
  const isSlower = create > usual.create;

  return {
    tables: {
      ...((isSlow || (isSlower && runtime === 'rust')) && {
        agent: {
          kata: {
            ...(isSlow &&
              (runtime === 'rust' ? { reconnect_timeout_ms: connect * 1000 } : { dial_timeout: connect })),
            ...(isSlower && runtime === 'rust' && { create_container_timeout: create }),
          },
        },
      }),
      ...(isSlower && runtime === 'go' && { runtime: { create_container_timeout: create } }),
    },
    said: [
      ...(isSlow ? [`the agent may take ${connect} s to answer${because}`] : []),
      ...(isSlower ? [`a container may take ${create} s to be created${because}`] : []),
    ],
  };
}
