import { type FailurePattern, printedBy } from './pattern.ts';

const noSpace = /no space left on device|ENOSPC/i;
const qemu = (file: string) => `qemu ${file}`;

/** What the loader, the kernel and its security modules say. */
export const machinePatterns: readonly FailurePattern[] = [
  ...printedBy('glibc elf/dl-version.c', [{ class: 'glibc', match: /version `GLIBC_[\d.]+' not found/ }]),
  ...printedBy('glibc elf/dl-load.c', [
    {
      class: 'loader',
      match:
        /error while loading shared libraries|no such file or directory.*(?:ld-musl|ld-linux)|exec format error/i,
    },
  ]),
  // One errno for disks, inodes, watches and cgroups: the probe tells them apart.
  ...printedBy('linux include/uapi/asm-generic/errno-base.h', [
    { class: 'shm-too-small', match: /\/dev\/shm.*(?:No space|ENOSPC)/, confirm: 'shm' },
    { class: 'disk-full', match: noSpace, confirm: 'disk' },
    { class: 'disk-full', match: noSpace, confirm: 'inodes' },
    { class: 'inotify-exhausted', match: noSpace, confirm: 'inotify' },
    { class: 'cgroup', match: noSpace, confirm: 'cgroup' },
    { class: 'inotify-exhausted', match: /too many open files|EMFILE/i, confirm: 'inotify' },
    { class: 'out-of-memory', match: /Cannot allocate memory|Out of memory|oom-kill/, confirm: 'memory' },
    { class: 'shm-too-small', match: /unable to map backing store|SIGBUS|Bus error/, confirm: 'shm' },
    { class: 'io-uring-disabled', match: /io_uring.*(?:EPERM|Operation not permitted)/, confirm: 'io-uring' },
    {
      class: 'cgroup',
      match: /cgroup.*(?:mountpoint does not exist|not found|permission denied)/i,
      confirm: 'cgroup',
    },
    ...['kvm', 'vhost-vsock', 'vhost-net', 'tun'].map((facility) => ({
      class: 'host-module-missing',
      match: new RegExp(`/dev/(?:net/)?${facility}\\b.*[Nn]o such (?:file|device)`),
      confirm: facility,
    })),
  ]),
  ...printedBy('linux drivers/vhost/vsock.c', [
    { class: 'vsock-busy', match: /vhost-vsock.*(?:Device or resource busy|EBUSY)/ },
  ]),
  ...printedBy('linux security/selinux/avc.c', [
    { class: 'selinux-label', match: /avc: +denied .*:(?:unlabeled_t|default_t):.*permissive=0/ },
    {
      class: 'selinux-avc',
      match: /avc: +denied .*(?:qemu|cloud-hyper|virtiofsd|containerd|container_kvm_t).*permissive=0/,
    },
  ]),
  ...printedBy('linux security/apparmor/audit.c', [
    {
      class: 'apparmor',
      match: /apparmor="DENIED".*(?:qemu|virtiofsd|cloud-hypervisor|containerd|runc|kata)/,
    },
  ]),
];

/** What VMMs and guests say, the cause before what follows from it. */
export const vmmWords: readonly FailurePattern[] = [
  ...printedBy(qemu('block/file-posix.c'), [
    {
      class: 'qemu-no-io-uring',
      match:
        /aio.*does not accept value 'io_uring'|was not built with.*io_uring|aio=io_uring was specified, but is not supported in this build/,
    },
  ]),
  ...printedBy(qemu('hw/i386/x86-common.c'), [
    { class: 'firmware-missing', match: /could not load PC BIOS/ },
    {
      class: 'firmware-missing',
      match: /failed to find romfile/,
      prints: qemu('hw/pci/pci.c'),
    },
  ]),
  ...printedBy(qemu('hw/virtio/vhost-vsock.c'), [
    { class: 'vsock-cid-taken', match: /unable to set guest cid: Address already in use/ },
  ]),
  ...printedBy(qemu('hw/core/machine.c'), [
    { class: 'machine-type', match: /unsupported machine type|Machine type .* not supported/ },
  ]),
  ...printedBy(qemu('system/qdev-monitor.c'), [
    {
      class: 'qemu-device-missing',
      match: /is not a valid device model name|'[^']*' is not a valid object type/,
    },
    {
      class: 'qemu-property',
      match: /device is modern-only, use disable-legacy=on/,
      prints: qemu('hw/virtio/virtio-pci.c'),
    },
    {
      class: 'qemu-hotplug',
      match: /Bus '[^']*' does not support hotplugging/,
      prints: qemu('hw/core/qdev-hotplug.c'),
    },
  ]),
  ...printedBy(qemu('qom/object.c'), [
    {
      class: 'qemu-property',
      match: /Property '[^']*' not found|Expected '=' after parameter|Invalid parameter '/,
    },
  ]),
  ...printedBy('linux arch/x86/kvm/vmx/vmx.c', [
    { class: 'nested-virt', match: /KVM: entry failed|kvm run failed/ },
  ]),
  ...printedBy(qemu('accel/kvm/kvm-all.c'), [
    {
      class: 'kvm-access',
      match: /[Ff]ailed to initialize kvm|Could not access KVM kernel module/,
      confirm: 'kvm',
    },
  ]),
  ...printedBy('qemu hw/i386/x86-common.c', [
    { class: 'kernel-format', match: /PVH ELF Note|Error loading.*kernel|invalid kernel header/i },
  ]),
  ...printedBy('linux init/do_mounts.c', [
    { class: 'guest-kernel-modules', match: /VFS: (?:Cannot open root device|Unable to mount root)/ },
  ]),
  ...printedBy('linux net/socket.c', [
    { class: 'guest-kernel-modules', match: /EAFNOSUPPORT|Address family not supported/ },
  ]),
  ...printedBy('kata-containers 4.1.0 src/agent/src/mount.rs', [
    {
      class: 'virtiofs-enodev',
      match: /kataShared.*ENODEV|ENODEV.*kataShared|unknown filesystem type 'virtiofs'/,
    },
  ]),
  ...printedBy('linux kernel/panic.c', [{ class: 'guest-panic', match: /Kernel panic - not syncing/ }]),
  ...printedBy('cloud-hypervisor vmm/src/api/http/mod.rs', [
    { class: 'clh-api-skew', match: /missing field `?'?\w+|unknown field .*(?:cloud-hypervisor|vm\.create)/ },
  ]),
  ...printedBy('virtiofsd src/main.rs', [
    { class: 'virtiofsd-kernel', match: /virtiofsd.*(?:InitSeccomp|statx)/ },
    { class: 'virtiofsd-arguments', match: /virtiofsd.*(?:unrecognized|unexpected argument)/ },
  ]),
];

/** QEMU says it at the end of a sandbox as well, of another request than the first. */
export const lastVmmWords: readonly FailurePattern[] = printedBy('qemu hw/virtio/vhost-user.c', [
  {
    class: 'vhost-user-handshake',
    match:
      /Failed to (?:read|write) msg header[\s\S]*Original request 1\b|vhost_backend_init failed|VhostUser[A-Za-z]+\(InvalidMessage\)/,
  },
]);
