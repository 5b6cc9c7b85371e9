import { alike, type FailureClass } from './failure-class.ts';

/** What a VMM, virtiofsd or guest kernel fails by. */
export const vmmClasses: readonly FailureClass[] = [
  ...alike(
    {
      blame: 'vmm-lacks',
      takes: "the VMM's own words, and a VMM that is no newer than Kata's own",
      swaps: ['vmm'],
    },
    [
      ['qemu-device-missing', 'QEMU lacks a device, object or machine that Kata asks for'],
      ['qemu-no-io-uring', 'QEMU was built without io_uring'],
      ['qemu-built-without', 'QEMU was built without what Kata asks for'],
      ['machine-type', "QEMU does not have Kata's machine type"],
      ['qemu-hotplug', 'QEMU takes no device where Kata adds one'],
    ],
  ),
  ...alike(
    {
      blame: 'vmm-age',
      takes: "which of the two is older: the distro's VMM or the one that Kata ships",
      swaps: ['vmm'],
    },
    [
      ['qemu-property', "QEMU does not take the syntax of Kata's command line"],
      ['qemu-property-old', "QEMU is too old for the syntax of Kata's command line"],
      ['qemu-syntax-new', 'QEMU has dropped a syntax that Kata still uses'],
      ['vmm-options', 'the VMM lacks an option that Kata uses'],
      ['vmm-refuses', 'the VMM refuses what Kata asks of it'],
      ['clh-api-skew', "cloud-hypervisor's API is not the one that Kata speaks"],
    ],
  ),
  ...alike(
    {
      blame: 'vmm-alone',
      takes: 'the VMM fails alone as well, or a swap of it',
      swaps: 'all',
      symptom: true,
    },
    [
      ['vmm-exited', 'the VMM ended'],
      ['qemu-exited', 'QEMU ended while something waited for it'],
      ['cloud-hypervisor-exited', 'cloud-hypervisor ended while something waited for it'],
      ['firecracker-exited', 'Firecracker ended while something waited for it'],
      ['vmm-silent', 'the VMM does not answer'],
    ],
  ),
  ...alike(
    { blame: 'virtiofsd-alone', takes: 'virtiofsd fails alone as well, or a swap of it', swaps: 'all' },
    [
      ['virtiofsd-start', 'virtiofsd does not start'],
      ['virtiofsd-exited', 'virtiofsd ended while something waited for it'],
    ],
  ),
  {
    id: 'virtiofsd-generation',
    title: "virtiofsd is the C program of old, whose arguments are not those of Kata's",
    blame: 'distro-virtiofsd',
    takes: "virtiofsd's own words",
    swaps: ['virtiofsd'],
  },
  {
    id: 'virtiofsd-arguments',
    title: "virtiofsd does not take Kata's arguments",
    blame: 'virtiofsd-age',
    takes: "which of the two is older: the distro's virtiofsd or the one that Kata ships",
    swaps: ['virtiofsd'],
  },
  ...alike({ blame: 'unknown', takes: 'a swap', swaps: ['virtiofsd', 'vmm', 'lsm'] }, [
    ['virtiofsd-kernel', "virtiofsd asks for what the machine's kernel does not have"],
    ['virtiofs-share', 'a folder shared by virtiofsd is not what it is'],
  ]),
  {
    id: 'vhost-user-handshake',
    title: 'the VMM and virtiofsd do not understand each other',
    blame: 'handshake',
    takes: 'a swap, or who of the two hung up at the first word',
    swaps: ['virtiofsd', 'vmm', 'lsm'],
  },
  {
    id: 'virtiofs-enodev',
    title: "the guest finds no shared folder's device",
    blame: 'unknown',
    takes: 'a swap',
    swaps: ['virtiofsd', 'vmm', 'guest-kernel'],
  },
  ...alike(
    { blame: 'guest-kernel', takes: "a symbol that is off, or a swap of the guest's kernel", swaps: 'all' },
    [
      ['guest-kernel-modules', "the guest's kernel lacks a driver that it needs at once"],
      ['kernel-format', "the VMM does not load the guest's kernel"],
      ['guest-panic', "the guest's kernel panicked"],
    ],
  ),
  ...alike({ blame: 'unknown', takes: 'a swap', swaps: ['vmm', 'firmware', 'guest-kernel', 'lsm'] }, [
    ['kvm-unused', 'QEMU runs without KVM'],
    ['guest-silent', 'the guest is not heard'],
  ]),
];
