import type { Row } from './failure-class.ts';
import { containerStack, lacksModule, ours, redProbe, setByDistro } from './points.ts';
import { printed, scenario } from './words.ts';

/** How katafarm's own scenarios on the host and on containers without a VM fail. */
export const hostClasses: readonly Row[] = [
  { class: 'io-uring-disabled', ...scenario('host/limits.ts', /io_uring_disabled is 2/) },
  { class: 'cgroup', ...scenario('host/limits.ts', /(?:^|; )cgroup is \S+, and must be/) },
  {
    id: 'host-limit',
    title: "one of the distro's limits is too low",
    ...setByDistro,
    words: [scenario('host/limits.ts', /\S is \S*, and must be (?:at least )?\d/)],
  },
  { class: 'host-module-missing', ...scenario('host/modules.ts', /the distro's kernel has no [^:]+$/m) },
  {
    id: 'host-module-refused',
    title: "the distro's kernel does not load a module that it has",
    ...redProbe,
    words: [scenario('host/modules.ts', /the distro's kernel does not load /)],
  },
  {
    class: 'host-module-missing',
    ...printed(
      'kmod tools/modprobe.c',
      /modprobe: FATAL: Module (?:kvm\w*|vhost\w*|tun|veth|bridge|br_netfilter|overlay|sch_ingress|cls_\w+|act_mirred) not found/,
    ),
  },
  {
    id: 'host-module-forbidden',
    title: 'modprobe is told not to load a module',
    ...setByDistro,
    words: [printed('kmod libkmod/libkmod-module.c', /Error running install command/)],
  },
  { class: 'kvm-access', ...scenario('host/kvm.ts', /KVM does not work: cannot open/) },
  {
    id: 'kvm-unusable',
    title: 'KVM makes no virtual machine',
    blame: 'nesting',
    takes: 'guests in guests seen to work on this host',
    swaps: [],
    words: [
      scenario(
        'host/kvm.ts',
        /KVM does not work|modprobe kvm_\w+ failed|KVM made no virtual CPU|KVM's API is version/,
      ),
    ],
  },
  {
    id: 'host-device',
    title: 'a device that Kata opens does not answer',
    ...redProbe,
    words: [scenario('host/devices.ts', /^\/dev\/\S+: /m)],
  },
  {
    id: 'cpu-hidden',
    title: 'the kernel hides what the CPU has',
    ...lacksModule,
    words: [scenario('host/cpu.ts', /the CPU has what the kernel does not show/)],
  },
  {
    id: 'lsm-state',
    title: "the security module is not in the distro's default state",
    ...ours,
    words: [
      scenario(
        'host/lsm.ts',
        /is the distro's default, and (?:is off|its userspace)|AppArmor's unit is|AppArmor has no profile|SELinux enforces by default, and is|has no security module by default/,
      ),
    ],
  },
  {
    id: 'host-unit-failed',
    title: 'a unit of the system fails at boot',
    ...setByDistro,
    words: [scenario('host/boot.ts', /the system is \S+, as these units failed/)],
  },
  {
    id: 'host-boot-unended',
    title: 'the system does not come to the end of its boot',
    ...redProbe,
    words: [scenario('host/boot.ts', /the system is \S+; waiting for/)],
  },
  {
    id: 'wrong-kernel',
    title: "the kernel that runs is not the distro's",
    ...ours,
    words: [
      scenario(
        'host/boot.ts',
        /no package owns the kernel|is not what its package ships|not the version of its package/,
      ),
    ],
  },
  {
    id: 'containerd-start',
    title: 'containerd does not start or answer',
    ...containerStack,
    words: [
      printed(
        'katafarm scenarios/host/containerd.ts',
        /containerd does not start|containerd runs and does not answer|^containerd is \w+$/m,
      ),
    ],
  },
  {
    id: 'containerd-plugin',
    title: 'containerd lacks a plugin',
    ...containerStack,
    words: [scenario('host/containerd.ts', /containerd's plugin \S+ is /)],
  },
  {
    id: 'control-container',
    title: 'a container does not run without a VM either',
    ...containerStack,
    words: [
      scenario(
        'control/runc.ts',
        /a container does not run by io\.containerd\.runc\.v2|containerd does not import an image/,
      ),
      scenario('control/runc.ts', /the container (?:did not say|says|has no|is gone)/),
    ],
  },
];
