import type { InstalledStack } from '../domain/installed-kata.ts';
import type { StackId } from '../domain/stack.ts';
import type { Found } from './found.ts';
import type { KataLayout } from './had-kata.ts';
import {
  baseOf,
  configOf,
  departuresOf,
  type Hypervisor,
  limitsOf,
  memoryOf,
  partOf,
  rootfsOf,
  type Tables,
  vmmOf,
} from './variant-parts.ts';

/** A stack's configuration: Kata's own file, copied, and a drop-in of what is set otherwise. */
export interface Variant {
  readonly stack: StackId;
  /** The file of Kata's that it is a copy of. */
  readonly base: string;
  readonly dropIn: Tables;
  readonly installed: InstalledStack;
}

/** Why there is none. */
export interface NoVariant {
  readonly stack: StackId;
  readonly because: string;
}

export interface VariantInput {
  readonly layout: KataLayout;
  readonly found: Found;
  /** How long a guest took in this machine from its start to its end; undefined: it is not known. */
  readonly nestedMs: number | undefined;
  /** By how much slower than hardware the machine is. */
  readonly factor: number;
  /** The agent was replaced, which only an initrd can be: the image would boot another one. */
  readonly initrdOnly: boolean;
  /** What a configuration file of Kata's gives the guest's kernel by itself: a drop-in would take its place. */
  readonly kernelParamsOf: (base: string) => string;
}

const hypervisors = {
  qemu: 'qemu',
  'qemu+distro-kernel': 'qemu',
  'qemu.upstream': 'qemu',
  clh: 'clh',
  'clh+distro-kernel': 'clh',
  'clh.upstream': 'clh',
  firecracker: 'firecracker',
  dragonball: 'dragonball',
} as const satisfies Readonly<Record<Exclude<StackId, 'host' | 'runc'>, Hypervisor>>;

export type KataStackId = keyof typeof hypervisors;
export const kataStacks = Object.keys(hypervisors) as readonly KataStackId[];

/** Where a stack's configuration is put. A folder a stack, as drop-ins hold for all files of a folder. */
export const folderOf = (stack: StackId) => `/etc/katafarm/${stack}`;

/** Puts a stack together from what Kata brings and what was found in the machine. Pure. */
export function variantOf(stack: KataStackId, input: VariantInput): Variant | NoVariant {
  const { layout, found } = input;
  const hypervisor = hypervisors[stack];
  const no = (because: string): NoVariant => ({ stack, because });

  const runtime = (['rust', 'go'] as const).find(
    (one) => layout.shims[one] && baseOf(layout, one, hypervisor),
  );
  const shim = runtime && layout.shims[runtime];
  const base = runtime && baseOf(layout, runtime, hypervisor);
  if (!shim || !base) {
    return no(`this Kata has no shim with a configuration for ${configOf[hypervisor]}`);
  }

  const own = stack.endsWith('.upstream') ? undefined : found;
  const vmm = vmmOf(hypervisor, layout, own);
  if (vmm === 'missing') {
    return no(`${own ? 'the distro has' : 'this Kata has'} no ${hypervisor}`);
  }
  const needsFs = hypervisor === 'qemu' || hypervisor === 'clh';
  const virtiofsd = needsFs
    ? partOf(own ? own.virtiofsd : layout.pieces.virtiofsd, own ? 'distro' : 'kata')
    : undefined;
  if (needsFs && !virtiofsd) {
    return no(`${own ? 'the distro has' : 'this Kata has'} no virtiofsd`);
  }

  const isDistroKernel = stack.endsWith('+distro-kernel');
  const kernel = isDistroKernel
    ? partOf(found.kernel, 'distro')
    : partOf(layout.pieces[hypervisor === 'firecracker' ? 'vmlinux' : 'kernel'], 'kata');
  const rootfs = rootfsOf(input, isDistroKernel);
  if (!kernel || !rootfs) {
    return no(
      isDistroKernel ? "no initrd could be made for the distro's kernel" : 'this Kata has no guest to boot',
    );
  }

  const memory = memoryOf(hypervisor, found);
  const limits = limitsOf(runtime, input);
  const departures = hypervisor === 'qemu' && own ? departuresOf(found, rootfs.kind) : [];
  const kernelParams = `${input.kernelParamsOf(base)} rdinit=${distroInit}`.trim();
  return {
    stack,
    base,
    dropIn: {
      hypervisor: {
        [hypervisor]: {
          ...(vmm && { path: vmm.path, valid_hypervisor_paths: [vmm.path] }),
          ...(virtiofsd && {
            virtio_fs_daemon: virtiofsd.path,
            valid_virtio_fs_daemon_paths: [virtiofsd.path],
          }),
          kernel: kernel.path,
          // Exactly one of both: Kata's own file names the image.
          image: rootfs.kind === 'image' ? rootfs.path : '',
          initrd: rootfs.kind === 'initrd' ? rootfs.path : '',
          ...(isDistroKernel && { kernel_params: kernelParams }),
          ...memory.keys,
          ...Object.assign({}, ...departures.map(({ keys }) => keys)),
        },
      },
      ...limits.tables,
    },
    installed: {
      ...{ runtime, shim, hypervisor, kernel, rootfs, memoryMiB: memory.memoryMiB },
      stretched: [...limits.said, ...memory.said],
      config: `${folderOf(stack)}/configuration.toml`,
      ...(vmm && { vmm }),
      ...(virtiofsd && { virtiofsd }),
      departures: departures.map(({ said }) => said),
    },
  };
}

/** Loads modules and hands over to the agent: stands in the initrd that the farm makes for a distro's kernel. */
export const distroInit = '/katafarm-init';
