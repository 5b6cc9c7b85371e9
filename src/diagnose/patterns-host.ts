import { type FailurePattern, printedBy } from './pattern.ts';

/** The words of katafarm's own scenarios on the host and on containers without a VM. */
export const hostPatterns: readonly FailurePattern[] = [
  ...printedBy('katafarm scenarios/host/limits.ts', [
    { class: 'io-uring-disabled', match: /io_uring_disabled is 2/, cells: 'host.*' },
    { class: 'cgroup', match: /(?:^|; )cgroup is \S+, and must be/, cells: 'host.*' },
    { class: 'host-limit', match: /\S is \S*, and must be (?:at least )?\d/, cells: 'host.*' },
  ]),
  ...printedBy('katafarm scenarios/host/modules.ts', [
    { class: 'host-module-missing', match: /the distro's kernel has no [^:]+$/m, cells: 'host.*' },
    { class: 'host-module-refused', match: /the distro's kernel does not load /, cells: 'host.*' },
  ]),
  ...printedBy('kmod tools/modprobe.c', [
    {
      class: 'host-module-missing',
      match:
        /modprobe: FATAL: Module (?:kvm\w*|vhost\w*|tun|veth|bridge|br_netfilter|overlay|sch_ingress|cls_\w+|act_mirred) not found/,
    },
  ]),
  ...printedBy('kmod libkmod/libkmod-module.c', [
    { class: 'host-module-forbidden', match: /Error running install command/ },
  ]),
  ...printedBy('katafarm scenarios/host/kvm.ts', [
    { class: 'kvm-access', match: /KVM does not work: cannot open/, cells: 'host.*' },
    {
      class: 'kvm-unusable',
      match: /KVM does not work|modprobe kvm_\w+ failed|KVM made no virtual CPU|KVM's API is version/,
      cells: 'host.*',
    },
  ]),
  ...printedBy('katafarm scenarios/host/devices.ts', [
    { class: 'host-device', match: /^\/dev\/\S+: /m, cells: 'host.*' },
  ]),
  ...printedBy('katafarm scenarios/host/cpu.ts', [
    { class: 'cpu-hidden', match: /the CPU has what the kernel does not show/, cells: 'host.*' },
  ]),
  ...printedBy('katafarm scenarios/host/lsm.ts', [
    {
      class: 'lsm-state',
      match:
        /is the distro's default, and (?:is off|its userspace)|AppArmor's unit is|AppArmor has no profile|SELinux enforces by default, and is|has no security module by default/,
      cells: 'host.*',
    },
  ]),
  ...printedBy('katafarm scenarios/host/boot.ts', [
    { class: 'host-unit-failed', match: /the system is \S+, as these units failed/, cells: 'host.*' },
    { class: 'host-boot-unended', match: /the system is \S+; waiting for/, cells: 'host.*' },
    {
      class: 'wrong-kernel',
      match: /no package owns the kernel|is not what its package ships|not the version of its package/,
      cells: 'host.*',
    },
  ]),
  ...printedBy('katafarm scenarios/host/containerd.ts', [
    {
      class: 'containerd-start',
      match: /containerd does not start|containerd runs and does not answer|^containerd is \w+$/m,
    },
    { class: 'containerd-plugin', match: /containerd's plugin \S+ is /, cells: 'host.*' },
  ]),
  ...printedBy('katafarm scenarios/control/runc.ts', [
    {
      class: 'control-container',
      match: /a container does not run by io\.containerd\.runc\.v2|containerd does not import an image/,
      cells: 'control.*',
    },
    {
      class: 'control-container',
      match: /the container (?:did not say|says|has no|is gone)/,
      cells: 'control.*',
    },
  ]),
];
