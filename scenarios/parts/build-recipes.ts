import type { Arch } from '../../src/domain/arch.ts';
import type { PackageManagerId } from '../../src/domain/distro.ts';

/** What is built, of whose source, and how: all of it plain text that people can type. */
export interface Recipe {
  /** By which `--source` knows it; the folder that it is built in. */
  readonly name: 'clh' | 'qemu';
  /** With the version that is fetched where no source is brought. */
  readonly title: string;
  /** The release that the pinned Kata takes (versions.yaml of Kata 4.1.0). */
  readonly version: string;
  readonly url: string;
  /** What is needed beside rustc, cargo and what any build takes, by package manager; one that is missing was never tried. */
  readonly packages: Readonly<Partial<Record<PackageManagerId, readonly string[]>>>;
  /** It is built by the newest rustc that the distro has, and the cargo of that. */
  readonly rust: boolean;
  /** Commands that say what they are built by, a line each. */
  readonly toolchain: readonly string[];
  /** In the folder that the source was unpacked into. */
  readonly build: (arch: Arch) => string;
  /** Commands that try what came of it, from the folder above. */
  readonly trial: (arch: Arch) => readonly string[];
  /** What Kata asks of it: words that the trial has to print. */
  readonly asked: (arch: Arch) => readonly RegExp[];
}

/**
 * cloud-hypervisor's releases have a tarball with every crate in it (its .github/workflows/release.yaml, "Create vendored
 * source archive"): no registry is asked. It is built as its own CI does (build.yaml).
 */
export const clh: Recipe = {
  name: 'clh',
  title: 'cloud-hypervisor',
  version: 'v51.1',
  url: 'https://github.com/cloud-hypervisor/cloud-hypervisor/releases/download/v51.1/cloud-hypervisor-v51.1.tar.xz',
  packages: { apt: [] },
  rust: true,
  toolchain: ['rustc --version', 'cargo --version'],
  build: () => 'cargo build --release --locked --bin cloud-hypervisor',
  trial: () => ['clh/target/release/cloud-hypervisor --version'],
  asked: () => [/^cloud-hypervisor /m],
};

const targets = { amd64: 'x86_64', arm64: 'aarch64' } as const satisfies Record<Arch, string>;

/** QEMU needs glib, and of the rest what Kata's command line asks for: seccomp, AIO, io_uring, a device tree, pixman's display code off. */
export const qemu: Recipe = {
  name: 'qemu',
  title: 'QEMU',
  version: '11.0.1',
  url: 'https://download.qemu.org/qemu-11.0.1.tar.xz',
  packages: {
    apt: [
      ...['bison', 'bzip2', 'flex', 'meson', 'ninja-build', 'pkgconf', 'python3', 'python3-venv'],
      ...['libaio-dev', 'libcap-ng-dev', 'libfdt-dev', 'libglib2.0-dev', 'libpixman-1-dev'],
      ...['libseccomp-dev', 'liburing-dev', 'zlib1g-dev'],
    ],
  },
  rust: false,
  toolchain: ['gcc --version', 'meson --version', 'python3 --version'],
  build: (arch) =>
    `./configure --target-list=${targets[arch]}-softmmu --disable-docs --disable-tools --disable-guest-agent
make -j"$(nproc)"`,
  trial: (arch) => {
    const built = `qemu/build/qemu-system-${targets[arch]}`;
    return [`${built} --version`, `${built} -accel help`, `${built} -machine help`, `${built} -device help`];
  },
  asked: (arch) => [
    /^QEMU emulator version /m,
    /^kvm$/m,
    arch === 'arm64' ? /^virt /m : /^q35 /m,
    /"vhost-vsock-pci"/,
    /"vhost-user-fs-pci"/,
  ],
};
