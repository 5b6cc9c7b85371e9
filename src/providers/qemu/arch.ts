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
  /** As Node calls it: only such a host's KVM runs it. */
  readonly host: NodeJS.Architecture;
  /** What a small guest's busybox prints of the virtualisation that it sees: a CPU's flag, or `no`. */
  readonly flag: string;
}

/**
 * amd64: `max` under emulation has AMD's SVM, which is what makes nested KVM work there; without 5-level paging, as walks
 * of nested page tables are what emulation spends its time on.
 * arm64: `virtualization=on` starts the machine at EL2, where its kernel's KVM works; KVM itself gives that to no guest.
 * A Cortex-A72 has no VHE, so the kernel runs at EL1 and leaves EL2 to its KVM. With VHE (`max`) all of it runs at EL2,
 * and so by the hypervisor's timer, which QEMU does not start again in a clone (vmstate_arm_cpu in QEMU's
 * target/arm/machine.c has the physical and the virtual timer alone). Without a seed in the device tree there is no
 * KASLR, for which the kernel would isolate its page tables on such a CPU: twice the time for each system call.
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
    host: 'x64',
    flag: '/bin/busybox grep -m1 -ow -E "vmx|svm" /proc/cpuinfo',
  },
  arm64: {
    qemu: 'qemu-system-aarch64',
    packages: 'get it with your package manager (Debian: qemu-system-arm)',
    machine: 'virt',
    options: { kvm: ',gic-version=host', tcg: ',virtualization=on,gic-version=3,dtb-randomness=off' },
    cpu: { kvm: 'host', tcg: 'cortex-a72' },
    console: 'ttyAMA0',
    hasGenerationId: false,
    host: 'arm64',
    flag: '/bin/busybox dmesg | /bin/busybox grep -q "started at EL2" && /bin/busybox echo el2',
  },
};
