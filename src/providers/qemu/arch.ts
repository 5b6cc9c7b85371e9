import type { Arch } from '../../domain/arch.ts';

type Accelerator = 'kvm' | 'tcg';

/** What a machine is made of, by its architecture. */
export interface Board {
  /** The program that runs it. */
  readonly qemu: string;
  /** How to get it, in words. */
  readonly packages: string;
  /** As a name in `-machine help`, without what follows it. */
  readonly machine: string;
  /** What of it has to be asked for: nested virtualisation, above all. */
  readonly options: Readonly<Record<Accelerator, string>>;
  readonly cpu: Readonly<Record<Accelerator, string>>;
  /** The serial line's device, as the kernel calls it. */
  readonly console: string;
  /** Whether its QEMU has a vmgenid for it: arm's `virt` had none up to 7.2. */
  readonly hasGenerationId: boolean;
  /** Whether a machine goes on once it was restored from a frozen state; one of arm64 does not (seen with QEMU 7.2). */
  readonly thaws: boolean;
  /** As Node calls it: only such a host's KVM runs it. */
  readonly host: NodeJS.Architecture;
  /** What a small guest's busybox prints of the virtualisation that it sees: a CPU's flag, or `no`. */
  readonly flag: string;
}

/**
 * amd64: `max` under emulation has AMD's SVM, which is what makes nested KVM work there; without 5-level paging, as walks
 * of nested page tables are what emulation spends its time on.
 * arm64: `virtualization=on` starts the machine at EL2, where its kernel's KVM works; KVM itself gives that to no guest.
 * `pauth-impdef` takes a cheap algorithm in place of QARMA5, which emulation spends half of its time on (QEMU's
 * docs/system/arm/cpu-features.rst); without `lpa2` there are no 52-bit addresses, and so no fifth level of page tables.
 */
export const boards: Readonly<Record<Arch, Board>> = {
  amd64: {
    qemu: 'qemu-system-x86_64',
    packages: '`katafarm doctor` says how to get it',
    machine: 'q35',
    options: { kvm: '', tcg: '' },
    cpu: { kvm: 'host,migratable=on', tcg: 'max,la57=off' },
    console: 'ttyS0',
    hasGenerationId: true,
    thaws: true,
    host: 'x64',
    flag: '/bin/busybox grep -m1 -ow -E "vmx|svm" /proc/cpuinfo',
  },
  arm64: {
    qemu: 'qemu-system-aarch64',
    packages: 'get it with your package manager (Debian: qemu-system-arm)',
    machine: 'virt',
    options: { kvm: ',gic-version=host', tcg: ',virtualization=on,gic-version=3' },
    cpu: { kvm: 'host', tcg: 'max,pauth-impdef=on,lpa2=off' },
    console: 'ttyAMA0',
    hasGenerationId: false,
    thaws: false,
    host: 'arm64',
    flag: '/bin/busybox dmesg | /bin/busybox grep -q "started at EL2" && /bin/busybox echo el2',
  },
};

/** Throws where there is no use in freezing a machine: its clones would never answer. */
export function ensureThaws(arch: Arch): void {
  if (!boards[arch].thaws) {
    throw new Error(`a machine of ${arch} does not go on once it was frozen`);
  }
}
