import type { KataPiece, KataRuntime } from '../../domain/kata.ts';

/** Where each runtime's shim is, below `/opt/kata` (tools/packaging/kata-deploy). */
export const shimFiles: Readonly<Record<KataRuntime, string>> = {
  rust: 'runtime-rs/bin/containerd-shim-kata-v2',
  go: 'bin/containerd-shim-kata-v2',
};

/** Where each piece is, below `/opt/kata`. The shim has a table of its own; Dragonball is known by its guest's kernel. */
export const pieceFiles: Readonly<Record<Exclude<KataPiece, 'shim'>, string>> = {
  qemu: 'bin/qemu-system-x86_64',
  'cloud-hypervisor': 'bin/cloud-hypervisor',
  firecracker: 'bin/firecracker',
  virtiofsd: 'libexec/virtiofsd',
  kernel: 'share/kata-containers/vmlinuz.container',
  vmlinux: 'share/kata-containers/vmlinux.container',
  image: 'share/kata-containers/kata-containers.img',
  initrd: 'share/kata-containers/kata-containers-initrd.img',
  dragonball: 'share/kata-containers/vmlinux-dragonball-experimental.container',
  'kata-runtime': 'bin/kata-runtime',
  'kata-ctl': 'bin/kata-ctl',
};

/** Where configuration files are, below `/opt/kata`. */
export const configFolders = {
  go: 'share/defaults/kata-containers',
  rust: 'share/defaults/kata-containers/runtime-rs',
} as const satisfies Readonly<Record<KataRuntime, string>>;

/** Of which runtime a file in the Go runtime's folder is: before 3.3 the Rust runtime's were there as well. */
export function runtimeOfConfig(name: string): KataRuntime {
  return /-runtime-rs\.toml$|^configuration-(rs-|dragonball|cloud-hypervisor)/.test(name) ? 'rust' : 'go';
}

/** For which hypervisor a configuration file is: `qemu` of `configuration-qemu-runtime-rs.toml`; undefined: it is none. */
export function hypervisorOfConfig(name: string): string | undefined {
  const [, words] = /^configuration-(.+)\.toml$/.exec(name) ?? [];
  const hypervisor = words?.replace(/-runtime-rs$/, '').replace(/^rs-/, '');
  // Its name in the Rust runtime of 3.x.
  return hypervisor === 'cloud-hypervisor' ? 'clh' : hypervisor;
}
