import type { KataLine } from './kata-cmdlines.ts';

/**
 * Kata 4.1.0 by its older runtime, in Go, which is released beside the default one. Compared with what a shim of that
 * release, built from its sources, gave to QEMU in a machine: the same options in the same order.
 */
export const go410: KataLine = {
  kata: '4.1.0',
  runtime: 'go',
  sources: [
    // LaunchQemu says the order of the options, CreateVM and buildDevices that of the devices.
    'src/runtime/pkg/govmm/qemu/qemu.go:3510',
    'src/runtime/virtcontainers/qemu.go:1145',
    'src/runtime/virtcontainers/qemu_arch_base.go',
    'src/runtime/virtcontainers/qemu_amd64.go',
    'src/runtime/pkg/govmm/qemu/qmp.go',
    'src/runtime/Makefile',
  ],
  pinned: false,
  options: `
-name sandbox-katafarm
-uuid 6b617461-6661-726d-8000-000000000001
[image] -machine q35,accel=kvm,nvdimm=on
[initrd] -machine q35,accel=kvm
-cpu host,pmu=off
-qmp unix:fd=<qmp>,server=on,wait=off
-m 2048M,slots=10,maxmem=<memory-and-image>M
-device pci-bridge,bus=pcie.0,id=pci-bridge-0,chassis_nr=1,shpc=off,addr=2,io-reserve=4k,mem-reserve=1m,pref64-reserve=1m
-device virtio-serial-pci<legacy>,id=serial0
-device virtconsole,chardev=charconsole0,id=console0
-chardev socket,id=charconsole0,path=<console>,server=on,wait=off
[image] -device nvdimm,id=nv0,memdev=mem0,unarmed=on
[image] -object memory-backend-file,id=mem0,mem-path=<image>,size=<image-bytes>,readonly=on
-device virtio-scsi-pci,id=scsi0<legacy>
-object rng-random,id=rng0,filename=/dev/urandom
-device virtio-rng-pci,rng=rng0
-device vhost-vsock-pci<legacy>,vhostfd=<vhost-vsock>,id=vsock-<cid>,guest-cid=<cid>,bus=pcie.0
-chardev socket,id=char-0123456789abcdef,path=<share>
-device vhost-user-fs-pci,chardev=char-0123456789abcdef,tag=kataShared,queue-size=1024,bus=pcie.0
-netdev tap,id=network-0,vhost=on,vhostfds=<vhost-net>,fds=<tap>
-device driver=virtio-net-pci,netdev=network-0,mac=02:00:00:00:00:01,bus=pcie.0<legacy>,mq=on,vectors=4
-rtc base=utc,driftfix=slew,clock=host
-global kvm-pit.lost_tick_policy=discard
-vga none
-no-user-config
-nodefaults
-nographic
--no-reboot
-object memory-backend-file,id=dimm1,size=2048M,mem-path=/dev/shm,share=on
-numa node,memdev=dimm1
-kernel <kernel>
[initrd] -initrd <initrd>
[image] -append tsc=reliable no_timer_check rcupdate.rcu_expedited=1 i8042.direct=1 i8042.dumbkbd=1 i8042.nopnp=1 i8042.noaux=1 noreplace-smp reboot=k cryptomgr.notests net.ifnames=0 pci=lastbus=0 root=/dev/pmem0p1 rootflags=dax,data=ordered,errors=remount-ro ro rootfstype=ext4 console=hvc0 console=hvc1 quiet systemd.show_status=false panic=1 nr_cpus=2 selinux=0 systemd.unit=kata-containers.target systemd.mask=systemd-networkd.service systemd.mask=systemd-networkd.socket scsi_mod.scan=none agent.cdh_api_timeout=50 cgroup_no_v1=all systemd.unified_cgroup_hierarchy=1
[initrd] -append tsc=reliable no_timer_check rcupdate.rcu_expedited=1 i8042.direct=1 i8042.dumbkbd=1 i8042.nopnp=1 i8042.noaux=1 noreplace-smp reboot=k cryptomgr.notests net.ifnames=0 pci=lastbus=0 console=hvc0 console=hvc1 quiet panic=1 nr_cpus=2 selinux=0 scsi_mod.scan=none agent.cdh_api_timeout=50 cgroup_no_v1=all systemd.unified_cgroup_hierarchy=1
-pidfile <pidfile>
-smp 1,cores=1,threads=1,sockets=2,maxcpus=2
`,
  legacy: { nested: ',disable-modern=true', bare: ',disable-modern=false' },
  // Descriptors are inherited here, and named by their numbers; Kata sends them by getfd.
  plugs: `
{"execute": "query-memory-devices"}
{"execute": "object-add", "arguments": {"qom-type": "memory-backend-file", "id": "mem1", "size": 134217728, "share": true, "mem-path": "/dev/shm"}}
{"execute": "device_add", "arguments": {"driver": "pc-dimm", "id": "dimmmem1", "memdev": "mem1"}}
{"execute": "netdev_add", "arguments": {"type": "tap", "id": "tap1_kata", "fds": "<tap-2>", "vhost": true, "vhostfds": "<vhost-net-2>"}}
{"execute": "device_add", "arguments": {"driver": "virtio-net-pci", "id": "virtio-tap1_kata", "romfile": "", "bus": "pci-bridge-0", "addr": "01", "mac": "02:00:00:00:00:02", "netdev": "tap1_kata", "mq": true, "vectors": 4}}
{"execute": "blockdev-add", "arguments": {"driver": "raw", "read-only": false, "file": {"driver": "file", "filename": "<disk-file>", "aio": "io_uring"}, "node-name": "drive-0123456789abcdef"}}
{"execute": "device_add", "arguments": {"id": "virtio-drive-0123456789abcdef", "driver": "scsi-hd", "drive": "drive-0123456789abcdef", "bus": "scsi0.0", "scsi-id": 0, "lun": 0, "share-rw": true}}
{"execute": "query-pci"}
`,
  processor: ['core-id', 'socket-id', 'thread-id', 'die-id'],
};
