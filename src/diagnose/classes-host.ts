import { alike, type FailureClass } from './failure-class.ts';

/** What the release itself, its kernel, packages and container stack come to. */
export const hostClasses: readonly FailureClass[] = [
  ...alike({ blame: 'distro-kernel', takes: "the module is not in the kernel's packages", swaps: [] }, [
    ['host-module-missing', "the distro's kernel has no module that Kata uses"],
    ['cpu-hidden', 'the kernel hides what the CPU has'],
    ['guest-kernel-config', "the distro's kernel lacks what a guest needs"],
  ]),
  ...alike({ blame: 'distro-host', takes: 'the setting itself was read', swaps: [] }, [
    ['io-uring-disabled', 'io_uring is forbidden by the kernel.io_uring_disabled setting'],
    ['host-limit', "one of the distro's limits is too low"],
    ['host-unit-failed', 'a unit of the system fails at boot'],
    ['inotify-exhausted', 'there are no inotify instances or watches left'],
    ['host-module-forbidden', 'modprobe is told not to load a module'],
    ['mount-private', 'mounts are private, so that no namespace sees those of another'],
  ]),
  ...alike({ blame: 'unknown', takes: 'a probe of the machine that was found red', swaps: [] }, [
    ['host-module-refused', "the distro's kernel does not load a module that it has"],
    ['host-boot-unended', 'the system does not come to the end of its boot'],
    ['host-device', 'a device that Kata opens does not answer'],
    ['kvm-access', '/dev/kvm can not be used by who has to'],
    ['cgroup', "the machine's cgroups do not fit"],
    ['machine-panic', "the machine's kernel panicked"],
  ]),
  {
    id: 'kvm-unusable',
    title: 'KVM makes no virtual machine',
    blame: 'nesting',
    takes: 'guests in guests seen to work on this host',
    swaps: [],
  },
  ...alike(
    {
      blame: 'container-stack',
      takes: 'containers without a VM fail on a sound machine',
      swaps: ['engine', 'lsm'],
      symptom: true,
    },
    [
      ['containerd-start', 'containerd does not start or answer'],
      ['containerd-plugin', 'containerd lacks a plugin'],
      ['control-container', 'a container does not run without a VM either'],
    ],
  ),
  ...alike({ blame: 'distro-packaging', takes: "the package manager's own words", swaps: [] }, [
    ['uninstallable', "a package can't be installed, as what it depends on isn't to be had"],
    ['packaging', "a package can't be installed or configured"],
    ['initrd-build', "the distro's tool does not build the guest's initrd"],
  ]),
  ...alike(
    {
      blame: 'distro-packaging',
      takes: 'what an installed program lacks, in the words of who looked for it',
      swaps: ['lsm'],
    },
    [
      ['firmware-missing', "a VMM's firmware was not installed along with it"],
      ['not-executable', 'a program may not be executed'],
    ],
  ),
  ...alike({ blame: 'unknown', takes: 'somebody has to look', swaps: [] }, [
    ['pkg-signature', "a repository's signature is not accepted"],
    ['not-packaged', 'the release has no package of that name'],
  ]),
];

/** What the farm made or sized, and what is outside of its machines. */
export const ourClasses: readonly FailureClass[] = [
  {
    id: 'nested-virt',
    title: 'the CPU refuses to enter a guest in a guest',
    blame: 'outer',
    takes: 'guests in guests not seen to work on this host',
    swaps: ['vmm'],
  },
  ...alike({ blame: 'infra', takes: 'words of what is outside of the machine', swaps: [] }, [
    ['pkg-mirror', 'a package mirror is not reached or not whole'],
    ['pull', "an image can't be had from its registry"],
    ['vsock-busy', 'another hypervisor holds vsock'],
  ]),
  ...alike({ blame: 'other-program', takes: 'the path that leads to it', swaps: [] }, [
    ['wrong-vmm', "the VMM that ran is not the distro's"],
    ['wrong-virtiofsd', "the virtiofsd that ran is not the distro's"],
  ]),
  ...alike({ blame: 'farm', takes: 'what the farm sized, set or put there', swaps: [] }, [
    ['shm-too-small', "/dev/shm is too small for the guest's memory"],
    ['disk-full', "the machine's disk is full"],
    ['out-of-memory', 'the machine has too little memory'],
    ['clock', 'the clock is far off'],
    ['slow', "one of Kata's fixed limits is too short for this machine"],
    ['lsm-state', "the security module is not in the distro's default state"],
    ['selinux-label', 'what was put into the machine has no label of its own'],
    ['vsock-cid-taken', "another guest has the vsock address of the farm's"],
    ['wrong-kernel', "the kernel that runs is not the distro's"],
    ['hypervisor-path', 'there is no VMM at the path in the configuration'],
    ['virtiofsd-path', 'there is no virtiofsd at the path in the configuration'],
    ['guest-file', 'there is no guest kernel or image at the path in the configuration'],
    ['trouble', "the farm's own trouble"],
  ]),
];
