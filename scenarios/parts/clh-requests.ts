/** What Kata asks of cloud-hypervisor over its API before it boots a VM. */
export interface ClhRequest {
  readonly kata: string;
  readonly runtime: 'runtime-rs' | 'go';
  /** Where Kata makes this, in kata-containers at the tag of that version. */
  readonly sources: readonly string[];
  /** The one that decides: the release that is pinned, by its default runtime. */
  readonly pinned: boolean;
  /** The body of vm.create, with the defaults of that runtime's configuration; `<name>` differs from sandbox to sandbox. */
  readonly create: Readonly<Record<'image' | 'initrd', string>>;
}

const rust = (payload: string, disks: string) => `{
  "cpus": {"boot_vcpus": 1, "max_vcpus": 2, "topology": {"threads_per_core": 1, "cores_per_die": 2, "dies_per_package": 1, "packages": 1},
    "kvm_hyperv": false, "nested": true, "max_phys_bits": 46, "features": {"amx": false}},
  "memory": {"size": 2147483648, "mergeable": false, "hotplug_method": "Acpi", "hotplug_size": <hotplug-bytes>, "shared": true, "hugepages": false, "prefault": false},
  "payload": {"firmware": null, "kernel": "<kernel>",
    "cmdline": "reboot=k panic=1 systemd.unit=kata-containers.target systemd.mask=systemd-networkd.service systemd.mask=systemd-networkd.socket quiet root=/dev/vda1 rootflags=data=ordered,errors=remount-ro ro rootfstype=ext4 no_timer_check noreplace-smp systemd.log_target=console cgroup_no_v1=all systemd.unified_cgroup_hierarchy=1",
    ${payload}, "mrconfigid": null, "host_data": null},
  ${disks}
  "rng": {"src": "/dev/urandom", "iommu": false},
  "fs": [{"tag": "kataShared", "socket": "<share>", "num_queues": 1, "queue_size": 1024, "id": null, "pci_segment": 0}],
  "serial": {"file": null, "mode": "Off", "iommu": false}, "console": {"file": null, "mode": "Off", "iommu": false},
  "devices": [], "vsock": {"cid": 3, "socket": "<vsock>", "iommu": false, "id": null, "pci_segment": 0},
  "iommu": false, "watchdog": false}`;

const go = (payload: string, disks: string) => `{
  "cpus": {"boot_vcpus": 1, "max_vcpus": 2, "topology": {"threads_per_core": 1, "cores_per_die": 2, "dies_per_package": 1, "packages": 1},
    "kvm_hyperv": false, "nested": true},
  "memory": {"size": 2147483648, "mergeable": false, "hotplug_method": "Acpi", "hotplug_size": <memory-bytes>, "shared": true, "hugepages": false, "prefault": false, "thp": true},
  "payload": {"kernel": "<kernel>",
    "cmdline": "root=/dev/vda1 rootflags=data=ordered,errors=remount-ro ro rootfstype=ext4 panic=1 no_timer_check noreplace-smp quiet cgroup_no_v1=all systemd.unified_cgroup_hierarchy=1"${payload}},
  ${disks}
  "rng": {"src": "/dev/urandom", "iommu": false},
  "fs": [{"tag": "kataShared", "socket": "<share>", "num_queues": 1, "queue_size": 1024, "pci_segment": 1}],
  "serial": {"mode": "Off", "iommu": false}, "console": {"mode": "Off", "iommu": false},
  "vsock": {"cid": 3, "socket": "<vsock>", "iommu": false},
  "platform": {"num_pci_segments": 2, "tdx": false, "sev_snp": false},
  "iommu": false, "watchdog": false, "pvpanic": false, "landlock_enable": false}`;

export const clhRequests: readonly ClhRequest[] = [
  {
    kata: '4.1.0',
    runtime: 'runtime-rs',
    sources: [
      // VmConfig as serde writes it, made by VmConfig::try_from; boot_vm, get_kernel_params and get_shared_devices.
      'src/runtime-rs/crates/hypervisor/ch-config/src/lib.rs',
      'src/runtime-rs/crates/hypervisor/ch-config/src/convert.rs',
      'src/runtime-rs/crates/hypervisor/src/ch/inner_hypervisor.rs',
      'src/runtime-rs/crates/hypervisor/src/ch/inner_device.rs',
    ],
    pinned: true,
    create: {
      image: rust(
        '"initramfs": null',
        '"disks": [{"path": "<image>", "readonly": true, "direct": false, "iommu": false, "num_queues": 1, "queue_size": 128, "vhost_user": false, "vhost_socket": null, "rate_limiter_config": null, "id": null, "disable_io_uring": false, "pci_segment": 0, "sparse": true, "image_type": "Unknown"}],',
      ),
      initrd: rust('"initramfs": "<initrd>"', ''),
    },
  },
  {
    kata: '4.1.0',
    runtime: 'go',
    sources: [
      // CreateVM, addVSock, addVolume; the client's models have defaults of their own.
      'src/runtime/virtcontainers/clh.go:532',
      'src/runtime/virtcontainers/pkg/cloud-hypervisor/client',
    ],
    pinned: false,
    create: {
      image: go(
        '',
        '"disks": [{"path": "<image>", "readonly": true, "direct": false, "iommu": false, "num_queues": 1, "queue_size": 128, "vhost_user": false, "backing_files": false, "sparse": true, "image_type": "Raw"}],',
      ),
      initrd: go(', "initramfs": "<initrd>"', ''),
    },
  },
];
