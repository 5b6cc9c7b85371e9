import type { PackageManagerId } from '../../domain/distro.ts';
import type { Part } from '../../domain/stack.ts';

/** What a part's binary may be called; `$(uname -m)` is the machine's. */
export const binaries: Readonly<Record<Exclude<Part, 'kernel'>, readonly string[]>> = {
  qemu: ['qemu-system-$(uname -m)', 'qemu-kvm'],
  'cloud-hypervisor': ['cloud-hypervisor'],
  firecracker: ['firecracker'],
  virtiofsd: ['virtiofsd', 'virtiofsd/virtiofsd'],
  containerd: ['containerd'],
  runc: ['runc'],
  docker: ['dockerd'],
  nerdctl: ['nerdctl'],
  'cri-o': ['crio'],
  kata: ['containerd-shim-kata-v2'],
};

/** Where distros put them, the likeliest first. */
export const folders = [
  ...['/usr/bin', '/usr/sbin', '/usr/libexec', '/usr/lib/qemu', '/usr/lib', '/bin', '/sbin'],
] as const;

type Names = Readonly<Partial<Record<Part | 'rust' | 'go', readonly string[]>>>;

const rpm: Names = {
  kernel: ['kernel-core', 'kernel'],
  qemu: ['qemu-kvm-core', 'qemu-system-x86-core', 'qemu-system-aarch64-core', 'qemu-kvm', 'qemu'],
  docker: ['moby-engine', 'docker-ce', 'docker'],
  rust: ['rust'],
  go: ['golang'],
};

/** The packages that they come by; where none is named, it is the part's own name. */
const names: Readonly<Partial<Record<PackageManagerId, Names>>> = {
  apt: {
    kernel: [
      ...['linux-image-amd64', 'linux-image-arm64', 'linux-image-cloud-amd64', 'linux-image-cloud-arm64'],
      ...['linux-image-generic', 'linux-image-virtual'],
    ],
    qemu: ['qemu-system-x86', 'qemu-system-arm'],
    virtiofsd: ['virtiofsd', 'qemu-system-common'],
    docker: ['docker.io'],
    kata: ['kata-containers', 'kata-runtime'],
    rust: ['rustc', 'rustc-web'],
    go: ['golang-go'],
  },
  ...{ dnf: rpm, tdnf: rpm, microdnf: rpm },
  zypper: {
    kernel: ['kernel-default'],
    qemu: ['qemu-x86', 'qemu-arm'],
    kata: ['katacontainers', 'kata-containers'],
    rust: ['rust'],
    go: ['go'],
  },
  apk: {
    kernel: ['linux-virt', 'linux-lts'],
    qemu: ['qemu-system-x86_64', 'qemu-system-aarch64'],
    docker: ['docker-engine', 'docker'],
  },
  pacman: { kernel: ['linux'], qemu: ['qemu-system-x86', 'qemu-system-aarch64'] },
  xbps: { kernel: ['linux'], qemu: ['qemu-system-amd64', 'qemu-system-aarch64', 'qemu'], docker: ['moby'] },
};

/** Which packages a part, or a compiler that Kata is built with, may come by there. */
export function namesOf(what: Part | 'rust' | 'go', manager: PackageManagerId): readonly string[] {
  const own = names[manager]?.[what];
  return own ?? [what === 'kata' ? 'kata-containers' : what];
}
