import type { KataLine } from './kata-cmdlines.ts';

/**
 * Kata 4.1.0 by its default runtime, with the defaults of configuration-qemu-runtime-rs.toml. Compared with what a shim
 * of that release, built from its sources, gave to QEMU in a machine: the same options in the same order.
 */
export const rust410: KataLine = {
  kata: '4.1.0',
  runtime: 'runtime-rs',
  sources: [
    // QemuCmdLine::new, add_* and build; the order of devices comes with prepare_for_start_sandbox.
    'src/runtime-rs/crates/hypervisor/src/qemu/cmdline_generator.rs:2901',
    'src/runtime-rs/crates/hypervisor/src/qemu/cmdline_generator.rs:3797',
    'src/runtime-rs/crates/runtimes/virt_container/src/sandbox.rs',
    'src/runtime-rs/crates/hypervisor/src/kernel_param.rs',
    // hotplug_vcpus, hotplug_pc_dimm, hotplug_network_device, hotplug_block_device.
    'src/runtime-rs/crates/hypervisor/src/qemu/qmp.rs',
    'src/runtime-rs/Makefile',
    'src/runtime-rs/arch/x86_64-options.mk',
  ],
  pinned: true,
  // Kata passes the disk's descriptor over QMP (add-fd); in a command line it says it as -add-fd does here.
  options: `
-name sandbox-katafarm
-kernel <kernel>
[initrd] -initrd <initrd>
[image] -append reboot=k panic=1 systemd.unit=kata-containers.target systemd.mask=systemd-networkd.service systemd.mask=systemd-networkd.socket root=/dev/pmem0p1 rootflags=dax,data=ordered,errors=remount-ro ro rootfstype=ext4 agent.cdh_api_timeout=50 cgroup_no_v1=all systemd.unified_cgroup_hierarchy=1 selinux=0 console=hvc0
[initrd] -append reboot=k panic=1 systemd.unit=kata-containers.target systemd.mask=systemd-networkd.service systemd.mask=systemd-networkd.socket agent.cdh_api_timeout=50 cgroup_no_v1=all systemd.unified_cgroup_hierarchy=1 selinux=0 console=hvc0
-smp 1,maxcpus=2
[image] -machine q35,accel=kvm,nvdimm=on,kernel_irqchip=on,memory-backend=entire-guest-memory-share
[initrd] -machine q35,accel=kvm,kernel_irqchip=on,memory-backend=entire-guest-memory-share
-cpu host,pmu=off
-m 2G,slots=10,maxmem=<memory>M
-object memory-backend-file,id=entire-guest-memory-share,mem-path=/dev/shm,size=2G,share=on,prealloc=off,readonly=off
-qmp unix:fd=<qmp>,server=on,wait=off
-rtc base=utc,clock=host,driftfix=slew
-object rng-random,id=rng0,filename=/dev/urandom
-device virtio-rng-pci,rng=rng0
-device pci-bridge,bus=pcie.0,id=pci-bridge-0,chassis_nr=1,shpc=off,addr=2,io-reserve=4k,mem-reserve=1m,pref64-reserve=1m
-device virtio-scsi-pci,id=scsi0<legacy>
-device vhost-vsock-pci<legacy>,vhostfd=<vhost-vsock>,guest-cid=<cid>
-netdev tap,id=network-tap0_kata,vhost=on,vhostfds=<vhost-net>,fds=<tap>
-device virtio-net-pci,netdev=network-tap0_kata,mac=02:00:00:00:00:01<legacy>,mq=on,vectors=4
-chardev socket,id=virtiofsd-chardev,path=<share>
-device vhost-user-fs-pci,chardev=virtiofsd-chardev,tag=kataShared,queue-size=1024
[image] -object memory-backend-file,id=TODO,mem-path=<image>,size=<image-mib>M,share=off,prealloc=off,readonly=on
[image] -device nvdimm,memdev=TODO,unarmed=on
-device virtio-serial-pci,id=serial0
-device virtconsole,id=console0,chardev=charconsole0
-chardev socket,id=charconsole0,server=on,wait=off,path=<console>
-add-fd fd=<disk>,set=1,opaque=kata-block:drive-0:source
-vga none
-no-user-config
-nodefaults
-nographic
-no-reboot
`,
  legacy: { nested: ',disable-modern=true', bare: '' },
  // Descriptors are inherited here, and named by their numbers; Kata sends them by getfd.
  plugs: `
{"execute": "query-fdsets"}
{"execute": "query-cpus-fast"}
{"execute": "query-memory-devices"}
{"execute": "object-add", "arguments": {"qom-type": "memory-backend-file", "id": "hotplugged-0", "size": 134217728, "share": true, "mem-path": "/dev/shm"}}
{"execute": "device_add", "arguments": {"driver": "pc-dimm", "id": "frontend-to-hotplugged-0", "memdev": "hotplugged-0"}}
{"execute": "netdev_add", "arguments": {"type": "tap", "id": "network-tap1_kata", "fds": "<tap-2>", "vhost": true, "vhostfds": "<vhost-net-2>"}}
{"execute": "device_add", "arguments": {"driver": "virtio-net-pci", "id": "frontend-network-tap1_kata", "bus": "pci-bridge-0", "netdev": "network-tap1_kata", "mac": "02:00:00:00:00:02", "mq": true, "addr": "01", "vectors": 4}}
{"execute": "blockdev-add", "arguments": {"driver": "raw", "node-name": "drive-0", "read-only": false, "file": {"driver": "file", "filename": "/dev/fdset/1", "aio": "io_uring", "read-only": false, "cache": {"direct": false}}}}
{"execute": "device_add", "arguments": {"driver": "scsi-hd", "id": "drive-0", "bus": "scsi0.0", "drive": "drive-0", "scsi-id": 0, "lun": 0, "share-rw": true}}
{"execute": "query-pci"}
`,
  processor: ['core-id', 'socket-id', 'thread-id'],
};
