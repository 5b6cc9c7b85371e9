import type { KataPolicy, Place, StackPolicy } from './policy.ts';

const host: readonly Place[] = ['host/host.boot', 'host/host.kvm', 'host/host.modules', 'runc/control.runc'];

const hostExtras: readonly Place[] = [
  'host/host.cpu',
  'host/host.devices',
  'host/host.limits',
  'host/host.lsm',
  'host/host.containerd',
];

// virtiofsd is tried beside QEMU alone; what it showed there holds for every VMM that talks to it.
const virtiofs: readonly Place[] = ['qemu/vmm.virtiofsd.start', 'qemu/vmm.virtiofs.mount'];

// So it is with the distro's kernel as a guest's: its configuration is the same under any VMM.
const guestKernel: Place = 'qemu+distro-kernel/vmm.guest-kernel-config';

const qemu: readonly Place[] = [
  ...host,
  'qemu/vmm.qemu.probe',
  'qemu/vmm.qemu.boot',
  'qemu/vmm.qemu.kata-cmdline',
  ...virtiofs,
];

const clh: readonly Place[] = [
  ...host,
  'clh/vmm.clh.probe',
  'clh/vmm.clh.boot',
  'clh/vmm.clh.kata-cmdline',
  ...virtiofs,
];

const qemuExtras: readonly Place[] = [...hostExtras, 'qemu/vmm.qemu.qmp'];

/** Which cells each stack rests on. */
export const stackPolicies: readonly StackPolicy[] = [
  { stack: 'qemu', required: qemu, optional: qemuExtras },
  {
    stack: 'qemu+distro-kernel',
    required: [...qemu, guestKernel],
    optional: qemuExtras,
  },
  {
    stack: 'clh',
    required: clh,
    optional: hostExtras,
  },
  {
    stack: 'clh+distro-kernel',
    required: [...clh, guestKernel],
    optional: hostExtras,
  },
  {
    stack: 'firecracker',
    required: [...host, 'firecracker/vmm.firecracker.probe', 'firecracker/vmm.firecracker.boot'],
    optional: hostExtras,
  },
];

/** What counts of Kata's own scenarios. */
export const kataPolicy: KataPolicy = {
  required: [
    'kata.uname',
    'kata.vmm-identity',
    'kata.lifecycle',
    'kata.net',
    'kata.crictl.pod',
    'kata.resources',
    'kata.leftovers',
    'mapping.selinux',
  ],
  // Skipped where the distro doesn't enforce SELinux.
  spared: ['mapping.selinux'],
  optional: [
    ...(['kata.block-aio', 'kata.parallel', 'kata.kill-vmm', 'kata.log-clean', 'kata.upgrade'] as const),
    ...(['kata.uname-bare', 'kata.uname-cold'] as const),
    ...(['kata.nerdctl.net', 'kata.docker.net', 'kata.crio.pod'] as const),
    ...(['mapping.uidgid', 'mapping.filenames', 'mapping.mounts', 'mapping.devices', 'mapping.vf'] as const),
  ],
  aside: ['kata.check', 'kata.guest-boot', 'kata.negative-path', 'kata.negative-vmm'],
  gaps: [
    { stack: 'qemu', scenario: 'kata.kill-vmm', tracker: 'kata-containers#9375' },
    { stack: 'qemu+distro-kernel', scenario: 'kata.kill-vmm', tracker: 'kata-containers#9375' },
  ],
  anchorDays: 1,
};
