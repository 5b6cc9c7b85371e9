import type { Row } from './failure-class.ts';
import { guestKernel, lackingProgram, ours, redProbe, virtiofsdSwap, vmmAge, vmmLacks } from './points.ts';
import { kata, printed } from './words.ts';

/** What VMMs and guests say, the cause before what follows from it. */
export const vmmClasses: readonly Row[] = [
  {
    id: 'qemu-no-io-uring',
    title: 'QEMU was built without io_uring',
    ...vmmLacks,
    words: [
      printed(
        'qemu block/file-posix.c',
        /aio.*does not accept value 'io_uring'|was not built with.*io_uring|aio=io_uring was specified, but is not supported in this build/,
      ),
    ],
  },
  {
    id: 'firmware-missing',
    title: "a VMM's firmware was not installed along with it",
    ...lackingProgram,
    words: [
      printed('qemu hw/i386/x86-common.c', /could not load PC BIOS/),
      printed('qemu hw/pci/pci.c', /failed to find romfile/),
    ],
  },
  {
    id: 'vsock-cid-taken',
    title: "another guest has the vsock address of the farm's",
    ...ours,
    words: [printed('qemu hw/virtio/vhost-vsock.c', /unable to set guest cid: Address already in use/)],
  },
  {
    id: 'machine-type',
    title: "QEMU does not have Kata's machine type",
    ...vmmLacks,
    words: [printed('qemu hw/core/machine.c', /unsupported machine type|Machine type .* not supported/)],
  },
  {
    id: 'qemu-device-missing',
    title: 'QEMU lacks a device, object or machine that Kata asks for',
    ...vmmLacks,
    words: [
      printed(
        'qemu system/qdev-monitor.c',
        /is not a valid device model name|'[^']*' is not a valid object type/,
      ),
    ],
  },
  {
    id: 'qemu-property',
    title: "QEMU does not take the syntax of Kata's command line",
    ...vmmAge,
    words: [printed('qemu hw/virtio/virtio-pci.c', /device is modern-only, use disable-legacy=on/)],
  },
  {
    id: 'qemu-hotplug',
    title: 'QEMU takes no device where Kata adds one',
    ...vmmLacks,
    words: [printed('qemu hw/core/qdev-hotplug.c', /Bus '[^']*' does not support hotplugging/)],
  },
  {
    class: 'qemu-property',
    ...printed(
      'qemu qom/object.c',
      /Property '[^']*' not found|Expected '=' after parameter|Invalid parameter '/,
    ),
  },
  {
    id: 'nested-virt',
    title: 'the CPU refuses to enter a guest in a guest',
    blame: 'outer',
    takes: 'guests in guests not seen to work on this host',
    swaps: ['vmm'],
    words: [printed('linux arch/x86/kvm/vmx/vmx.c', /KVM: entry failed|kvm run failed/)],
  },
  {
    id: 'kvm-access',
    title: '/dev/kvm can not be used by who has to',
    ...redProbe,
    words: [
      printed('qemu accel/kvm/kvm-all.c', /[Ff]ailed to initialize kvm|Could not access KVM kernel module/, {
        confirm: 'kvm',
      }),
    ],
  },
  {
    id: 'kernel-format',
    title: "the VMM does not load the guest's kernel",
    ...guestKernel,
    words: [
      printed('qemu hw/i386/x86-common.c', /PVH ELF Note|Error loading.*kernel|invalid kernel header/i),
    ],
  },
  {
    id: 'guest-kernel-modules',
    title: "the guest's kernel lacks a driver that it needs at once",
    ...guestKernel,
    words: [
      printed('linux init/do_mounts.c', /VFS: (?:Cannot open root device|Unable to mount root)/),
      printed('linux net/socket.c', /EAFNOSUPPORT|Address family not supported/),
    ],
  },
  {
    id: 'virtiofs-enodev',
    title: "the guest finds no shared folder's device",
    blame: 'unknown',
    takes: 'a swap',
    swaps: ['virtiofsd', 'vmm', 'guest-kernel'],
    words: [
      printed(
        kata('agent/src/mount.rs'),
        /kataShared.*ENODEV|ENODEV.*kataShared|unknown filesystem type 'virtiofs'/,
      ),
    ],
  },
  {
    id: 'guest-panic',
    title: "the guest's kernel panicked",
    ...guestKernel,
    words: [printed('linux kernel/panic.c', /Kernel panic - not syncing/)],
  },
  {
    id: 'clh-api-skew',
    title: "cloud-hypervisor's API is not the one that Kata speaks",
    ...vmmAge,
    words: [
      printed(
        'cloud-hypervisor vmm/src/api/http/mod.rs',
        /missing field `?'?\w+|unknown field .*(?:cloud-hypervisor|vm\.create)/,
      ),
    ],
  },
  {
    id: 'virtiofsd-kernel',
    title: "virtiofsd asks for what the machine's kernel does not have",
    ...virtiofsdSwap,
    words: [printed('virtiofsd src/main.rs', /virtiofsd.*(?:InitSeccomp|statx)/)],
  },
  {
    id: 'virtiofsd-arguments',
    title: "virtiofsd does not take Kata's arguments",
    blame: 'virtiofsd-age',
    takes: "which of the two is older: the distro's virtiofsd or the one that Kata ships",
    swaps: ['virtiofsd'],
    words: [printed('virtiofsd src/main.rs', /virtiofsd.*(?:unrecognized|unexpected argument)/)],
  },
];
