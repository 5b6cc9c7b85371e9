/**
 * What Kata's own guest kernel is built with, all of it `=y`: kata-containers 4.1.0,
 * tools/packaging/kernel/configs/fragments. Symbols are words, without `CONFIG_`; `A|B` is one symbol under two names,
 * as kernels of different ages have it.
 */
export interface Fragment {
  /** Its path below `fragments/`. */
  readonly fragment: string;
  /** Without it no agent comes up in the guest, or no plain container under it. */
  readonly essential?: string;
  /** What finds the root file system of Kata's image, on virtio-pmem: `root=/dev/pmem0p1 rootflags=dax rootfstype=ext4`. */
  readonly image?: string;
  /** What unpacks an initrd, which Kata's builder compresses by gzip. */
  readonly initrd?: string;
  /** Something that Kata can do, and cannot without it. */
  readonly optional?: string;
}

export const fragments: readonly Fragment[] = [
  {
    fragment: 'common/virtio.conf',
    essential: 'PCI VIRTIO_PCI VIRTIO_NET',
    optional: 'VIRTIO_PCI_LEGACY VIRTIO_BLK SCSI SCSI_VIRTIO VIRTIO_CONSOLE VIRTIO_BALLOON',
  },
  { fragment: 'x86_64/virtio.conf', optional: 'VIRTIO_MEM' },
  { fragment: 'common/virtio-extras.conf', optional: 'HW_RANDOM_VIRTIO' },
  { fragment: 'common/mmio.conf', optional: 'VIRTIO_MMIO VIRTIO_MMIO_CMDLINE_DEVICES' },
  {
    fragment: 'common/network.conf',
    essential: 'PROC_FS SYSFS UNIX INET VSOCKETS VIRTIO_VSOCKETS',
    optional: 'IPV6 PACKET VETH TUN BRIDGE IP_PNP NF_TABLES',
  },
  { fragment: 'common/netfilter.conf', optional: 'NETFILTER IP_NF_IPTABLES|IP_NF_IPTABLES_LEGACY' },
  {
    fragment: 'common/fs.conf',
    essential: 'FUSE_FS VIRTIO_FS TMPFS DEVTMPFS EPOLL SIGNALFD',
    image: 'EXT4_FS',
    initrd: 'BLK_DEV_INITRD RD_GZIP',
    optional: [
      'DEVTMPFS_MOUNT TMPFS_XATTR TMPFS_POSIX_ACL XFS_FS EROFS_FS EROFS_FS_ZIP EROFS_FS_XATTR BLK_DEV_SD TIMERFD',
      'OVERLAY_FS OVERLAY_FS_INDEX OVERLAY_FS_REDIRECT_DIR OVERLAY_FS_METACOPY OVERLAY_FS_XINO_AUTO INOTIFY_USER',
    ].join(' '),
  },
  {
    fragment: 'common/dax.conf',
    image: 'LIBNVDIMM BLK_DEV_PMEM DAX FS_DAX',
    optional: 'ND_PFN|NVDIMM_PFN FUSE_DAX',
  },
  {
    fragment: 'common/acpi.conf',
    essential: 'ACPI',
    image: 'ACPI_NFIT',
    optional: 'ACPI_HOTPLUG_CPU ACPI_HOTPLUG_MEMORY HOTPLUG_PCI_ACPI',
  },
  { fragment: 'common/pmem.conf', optional: 'VIRTIO_PMEM' },
  { fragment: 'common/9p.conf', optional: 'NET_9P NET_9P_VIRTIO 9P_FS' },
  {
    fragment: 'common/cgroup.conf',
    essential: 'CGROUPS MEMCG CPUSETS CGROUP_PIDS CFS_BANDWIDTH',
    optional: 'BLK_CGROUP CGROUP_FREEZER CGROUP_DEVICE CGROUP_CPUACCT CGROUP_HUGETLB CGROUP_BPF BPF_SYSCALL',
  },
  {
    fragment: 'common/namespaces.conf',
    essential: 'MULTIUSER NAMESPACES UTS_NS IPC_NS PID_NS NET_NS',
    optional: 'USER_NS SYSVIPC',
  },
  { fragment: 'common/base.conf', essential: 'FUTEX', optional: 'POSIX_MQUEUE KEYS' },
  { fragment: 'common/elf.conf', essential: 'BINFMT_ELF', optional: 'BINFMT_SCRIPT' },
  { fragment: 'common/seccomp.conf', optional: 'SECCOMP_FILTER' },
  {
    fragment: 'common/hotplug.conf',
    // Linux 6.14 made a choice of what was a switch.
    optional:
      'MEMORY_HOTPLUG MHP_DEFAULT_ONLINE_TYPE_ONLINE_AUTO|MEMORY_HOTPLUG_DEFAULT_ONLINE HOTPLUG_CPU HOTPLUG_PCI HOTPLUG_PCI_PCIE',
  },
  { fragment: 'x86_64/hotplug.conf', optional: 'HOTPLUG_PCI_SHPC' },
  { fragment: 'x86_64/base.conf', optional: 'KVM_GUEST PARAVIRT PVH' },
  { fragment: 'common/serial.conf', optional: 'SERIAL_8250_CONSOLE' },
  { fragment: 'x86_64/ptp.conf', optional: 'PTP_1588_CLOCK_KVM' },
  { fragment: 'common/lsm.conf', optional: 'SECURITY_SELINUX' },
  { fragment: 'common/landlock.conf', optional: 'SECURITY_LANDLOCK' },
  { fragment: 'common/vfio.conf', optional: 'VFIO_PCI' },
];
