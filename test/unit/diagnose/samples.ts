import type { ScenarioId } from '../../../src/domain/scenario.ts';

/** More of a sample: in which scenario (`kata.uname`), with which facility found red, and what is not of this class. */
export interface More {
  readonly in?: ScenarioId;
  readonly red?: string;
  readonly not?: string;
}

/** The class, words as they were printed, and more. A class is a line here: what is of it, and a line that only looks so. */
export const samples: readonly (readonly [kind: string, said: string, more?: More])[] = [
  [
    'glibc',
    "containerd-shim-kata-v2: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found",
    { not: "ldd: version `GLIBC_2.34' found in /lib/x86_64-linux-gnu/libc.so.6" },
  ],
  [
    'loader',
    'exec /usr/bin/qemu-system-x86_64: error while loading shared libraries: libslirp.so.0: cannot open',
    { not: 'loading shared libraries of /usr/bin/qemu-system-x86_64 took 3 s' },
  ],
  [
    'shm-too-small',
    'unable to map backing store for guest RAM: Cannot allocate memory',
    { red: 'shm', not: 'backing store for guest RAM is /dev/shm' },
  ],
  [
    'disk-full',
    'failed to mount rootfs: write /var/lib/x: No space left on device',
    { in: 'control.runc', red: 'disk', not: 'space left on device /dev/vda1: 4 GiB' },
  ],
  ['disk-full', 'mkdir /run/x: no such thing: ENOSPC', { in: 'control.runc', red: 'inodes' }],
  [
    'inotify-exhausted',
    'failed to create fsnotify watcher: too many: No space left on device',
    { in: 'control.runc', red: 'inotify', not: 'fsnotify watcher: 12 open files' },
  ],
  [
    'cgroup',
    'mkdir /sys/fs/cgroup/x: No space left on device',
    { in: 'control.runc', red: 'cgroup', not: 'mkdir /sys/fs/cgroup/x: File exists' },
  ],
  [
    'out-of-memory',
    'fork: Cannot allocate memory',
    { red: 'memory', not: 'fork: Resource temporarily unavailable' },
  ],
  [
    'io-uring-disabled',
    'io_uring setup: Operation not permitted',
    { in: 'kata.block-aio', red: 'io-uring', not: 'io_uring setup: Function not implemented' },
  ],
  ['io-uring-disabled', 'io_uring_disabled is 2, and must be 0 or 1', { in: 'host.limits' }],
  [
    'host-limit',
    'nofile is 1024, and must be at least 65536',
    { in: 'host.limits', not: 'nofile is 65536 and enough' },
  ],
  [
    'host-module-missing',
    "the distro's kernel has no vhost_vsock, act_mirred",
    {
      in: 'host.modules',
      not: "the distro's kernel has no vmw_vsock_virtio_transport: a guest cannot use it",
    },
  ],
  ['host-module-missing', 'modprobe: FATAL: Module vhost_vsock not found in directory /lib/modules/4.19.0'],
  [
    'host-module-missing',
    'failed to open /dev/vhost-vsock, try to run modprobe vhost_vsock.',
    { red: 'vhost-vsock' },
  ],
  [
    'host-module-refused',
    "the distro's kernel does not load vhost_vsock",
    { in: 'host.modules', not: "the distro's kernel does load vhost_vsock" },
  ],
  [
    'host-device',
    '/dev/vhost-net: not a character device',
    { in: 'host.devices', not: 'no /dev/vhost-net: not a character device' },
  ],
  [
    'cpu-hidden',
    'the CPU has what the kernel does not show: svm',
    { in: 'host.cpu', not: 'the CPU has not what the kernel shows: svm' },
  ],
  [
    'kvm-access',
    'KVM does not work: cannot open /dev/kvm: Permission denied',
    { in: 'host.kvm', not: 'KVM does not work: KVM_CREATE_VM: Operation not supported' },
  ],
  [
    'kvm-unusable',
    'KVM does not work: KVM_CREATE_VM: Operation not supported',
    { in: 'host.kvm', not: 'KVM works, and no guest was started' },
  ],
  [
    'kvm-unused',
    'QEMU says that it does not use KVM: {"enabled":false}',
    { in: 'vmm.qemu.boot', not: 'QEMU says that it uses KVM: {"enabled":true}' },
  ],
  [
    'lsm-state',
    "AppArmor is the distro's default, and its userspace (apparmor_parser) is missing",
    { in: 'host.lsm', not: "AppArmor is the distro's default, and enforces 12 profiles" },
  ],
  [
    'host-unit-failed',
    'the system is degraded, as these units failed: planted.service',
    { in: 'host.boot', not: 'the system is running, and these units did not fail' },
  ],
  [
    'host-boot-unended',
    'the system is starting; waiting for:',
    { in: 'host.boot', not: 'the system is running; nothing is waiting for it' },
  ],
  [
    'wrong-kernel',
    'no package owns the kernel that is running: /boot/vmlinuz-6',
    { in: 'host.boot', not: 'linux-image-amd64 owns the kernel that is running: /boot/vmlinuz-6' },
  ],
  [
    'containerd-start',
    'containerd does not start: Failed to start containerd.service: Unit is masked.',
    { in: 'host.containerd', not: 'containerd starts, and answers after 3 s' },
  ],
  [
    'containerd-plugin',
    "containerd's plugin cri is not there",
    { in: 'host.containerd', not: 'containerd has no plugin cri' },
  ],
  [
    'control-container',
    'a container does not run by io.containerd.runc.v2',
    { in: 'control.runc', not: 'a container does not run by io.containerd.kata.v2' },
  ],
  [
    'selinux-avc',
    'type=AVC avc:  denied  { open } for pid=9 comm="qemu-kvm" scontext=u:r:container_kvm_t:s0 permissive=0',
    {
      not: 'type=AVC avc:  denied  { open } for pid=9 comm="qemu-kvm" scontext=u:r:container_kvm_t:s0 permissive=1',
    },
  ],
  [
    'selinux-label',
    'avc:  denied  { execute } for comm="containerd" tcontext=system_u:object_r:unlabeled_t:s0 permissive=0',
    {
      not: 'avc:  denied  { execute } for comm="containerd" tcontext=system_u:object_r:unlabeled_t:s0 permissive=1',
    },
  ],
  [
    'apparmor',
    'audit: apparmor="DENIED" operation="exec" profile="virtiofsd" name="/usr/libexec/virtiofsd"',
    { not: 'audit: apparmor="ALLOWED" operation="exec" profile="virtiofsd" name="/usr/libexec/virtiofsd"' },
  ],
  [
    'vsock-busy',
    'qemu: vhost-vsock: unable to set guest cid: Device or resource busy',
    { not: 'qemu: vhost-vsock: unable to set guest cid: Address already in use' },
  ],
  [
    'hypervisor-path',
    'Qemu binary path `/nonexistent` is invalid: No such file or directory (os error 2)',
    { not: 'Qemu binary path `/usr/bin/qemu-system-x86_64` is valid' },
  ],
  [
    'virtiofsd-path',
    'Virtio-fs daemon path /usr/libexec/virtiofsd is invalid: No such file',
    { not: 'Virtio-fs daemon path /usr/libexec/virtiofsd is there' },
  ],
  [
    'guest-file',
    'guest kernel image file /opt/vmlinux is invalid: No such file',
    { not: 'guest kernel image file /opt/vmlinux was loaded' },
  ],
  [
    'virtiofsd-start',
    'A panic occurred at crates/resource/src/share_fs/share_virtio_fs_standalone.rs:240: called',
    { not: 'A panic occurred at crates/resource/src/share_fs/share_virtio_fs_inline.rs:240: called' },
  ],
  [
    'virtiofsd-start',
    "virtiofsd ended with status 3 on Kata's arguments: broken on purpose",
    { in: 'vmm.virtiofsd.start' },
  ],
  [
    'virtiofsd-generation',
    "virtiofsd ended with status 1 on Kata's arguments: fuse: invalid argument `socket'",
    {
      in: 'vmm.virtiofsd.start',
      not: "virtiofsd ended with status 1 on Kata's arguments: cannot make /tmp/socket",
    },
  ],
  [
    'virtiofsd-arguments',
    "virtiofsd ended with status 2 on Kata's arguments: error: unexpected argument '-o' found",
    {
      in: 'vmm.virtiofsd.start',
      not: "virtiofsd ended with status 2 on Kata's arguments: error: cannot create a socket",
    },
  ],
  [
    'virtiofsd-kernel',
    'virtiofsd: Error entering sandbox: InitSeccomp(Prctl(38))',
    { not: 'virtiofsd: Error entering sandbox: Prctl(38)' },
  ],
  [
    'virtiofs-share',
    'the nested guest wrote no file to the shared folder',
    { in: 'vmm.virtiofs.mount', not: 'the nested guest wrote a file to the shared folder' },
  ],
  [
    'virtiofs-enodev',
    'mount kataShared to /run/kata-containers/shared: ENODEV: No such device',
    { not: 'mount kataShared to /run/kata-containers/shared: EACCES: Permission denied' },
  ],
  [
    'vhost-user-handshake',
    'qemu-system-x86_64: Failed to read msg header. Read 0 instead of 12. Original request 1.',
    { not: 'qemu-system-x86_64: Failed to read msg header. Read 0 instead of 12. Original request 11.' },
  ],
  [
    'shim-panic',
    'A panic occurred at crates/runtimes/src/manager.rs:12: called `Option::unwrap()`',
    { not: 'A panic occurred in a test of crates/runtimes/src/manager.rs' },
  ],
  [
    'qemu-no-io-uring',
    "Parameter 'aio' does not accept value 'io_uring'",
    { not: "Parameter 'aio' accepts the value 'io_uring'" },
  ],
  [
    'machine-type',
    'qemu: unsupported machine type: "microvm"',
    { not: 'qemu: supported machine type: "microvm"' },
  ],
  [
    'qemu-device-missing',
    "-device vhost-vsock-pci: 'vhost-vsock-pci' is not a valid device model name",
    { not: "-device vhost-vsock-pci: 'guest-cid' is not a valid number" },
  ],
  [
    'qemu-device-missing',
    "the distro's QEMU lacks what Kata needs: device vhost-vsock-pci",
    { in: 'vmm.qemu.probe' },
  ],
  [
    'qemu-property',
    "the distro's QEMU lacks what Kata needs: memory-backend-file's readonly",
    { in: 'vmm.qemu.probe', not: "the distro's QEMU lacks what Kata needs: device vhost-vsock-pci" },
  ],
  ['qemu-property', "qemu: -machine q35: Expected '=' after parameter 'kernel_irqchip'"],
  [
    'qemu-hotplug',
    "device_add virtio-net-pci: Bus 'pci-bridge-0' does not support hotplugging",
    { in: 'vmm.qemu.kata-cmdline', not: "device_add virtio-net-pci: Bus 'pci-bridge-0' is full" },
  ],
  [
    'qemu-built-without',
    "the distro's QEMU lacks what Kata needs: sandbox (no: seccomp support is disabled)",
    { in: 'vmm.qemu.probe', not: "the distro's QEMU lacks what Kata needs: device vhost-vsock-pci" },
  ],
  ['nested-virt', 'KVM: entry failed, hardware error 0x0', { not: 'KVM: entry was made' }],
  [
    'kernel-format',
    'Error loading uncompressed kernel without PVH ELF Note',
    { not: 'Error loading initramfs: it is not there' },
  ],
  [
    'guest-kernel-modules',
    'VFS: Cannot open root device "pmem0p1" or unknown-block(0,0): error -19',
    { not: 'VFS: Mounted root (ext4 filesystem) readonly on device 259:1' },
  ],
  [
    'guest-kernel-config',
    "the distro's kernel is unusable as a guest's, as these are off: VIRTIO_FS",
    {
      in: 'vmm.guest-kernel-config',
      not: "the distro's kernel is usable as a guest's, as these are on: VIRTIO_FS",
    },
  ],
  [
    'guest-kernel-config',
    "the distro's kernel has no vmw_vsock_virtio_transport: a guest cannot use it",
    { in: 'vmm.qemu.boot' },
  ],
  [
    'guest-panic',
    'Kernel panic - not syncing: Attempted to kill init!',
    { not: 'Kernel command line: panic=-1 not syncing' },
  ],
  [
    'guest-silent',
    'the token did not come over the serial line, but:',
    { in: 'vmm.qemu.boot', not: 'the token came over vsock' },
  ],
  [
    'clh-api-skew',
    'error deserializing: missing field `sock`',
    { not: 'error deserializing: field `sock` is too long' },
  ],
  [
    'wrong-vmm',
    "what ran is /usr/bin/qemu-system-x86_64.away, and not the distro's /usr/bin/qemu-system-x86_64",
    { in: 'vmm.qemu.boot', not: "what ran is the distro's /usr/bin/qemu-system-x86_64" },
  ],
  [
    'wrong-virtiofsd',
    "what ran is /opt/virtiofsd, and not the distro's /usr/libexec/virtiofsd",
    { in: 'vmm.virtiofsd.start', not: "what ran is the distro's /usr/libexec/virtiofsd" },
  ],
  [
    'vmm-silent',
    'QEMU did not answer query-kvm over QMP',
    { in: 'vmm.qemu.boot', not: 'QEMU did answer query-kvm over QMP' },
  ],
  [
    'vmm-options',
    'cloud-hypervisor has no option --fs',
    { in: 'vmm.clh.probe', not: 'cloud-hypervisor has an option --fs' },
  ],
  [
    'vmm-refuses',
    "the distro's QEMU refuses what Kata asks of it",
    { in: 'vmm.qemu.kata-cmdline', not: "the distro's QEMU takes what Kata asks of it" },
  ],
  [
    'virtiofsd-rights',
    "virtiofsd ended with status 1 on Kata's arguments: [WARN virtiofsd] Use of deprecated option format '-o'\n[ERROR virtiofsd] can't apply the child capabilities: failed to sync capabilities with the kernel",
    {
      in: 'vmm.virtiofsd.start',
      not: "virtiofsd ended with status 1 on Kata's arguments: [ERROR virtiofsd] Error entering sandbox: Unshare(Operation not permitted)",
    },
  ],
  [
    'vmm-exited',
    'QEMU ended with status 1 before it could make a QMP socket',
    { in: 'vmm.qemu.qmp', not: 'QEMU ended, as it was told to over QMP' },
  ],
  ['vmm-exited', 'timed out waiting for QMP ready: /run/kata/one/root/qmp.sock: Connection refused'],
  ['vmm-exited', 'API socket connect timed out after 10 seconds'],
  [
    'vmm-exited',
    'kata[912]: qemu stderr: "qemu-system-x86_64: -device vhost-user-fs-pci: this build takes no such queue size"',
    {
      not: 'kata[912]: qemu stderr: "qemu-system-x86_64: -cpu host: warning: host doesn\'t support requested feature"',
    },
  ],
  [
    'qmp',
    'QMP not ready yet: qmp handshake failed',
    { not: 'QMP not ready yet: No such file or directory (os error 2)' },
  ],
  [
    'tc-missing',
    'Error: Specified qdisc kind is unknown.',
    { not: 'Error: Exclusivity flag on, cannot modify.' },
  ],
  [
    'agent-timeout',
    'vsock: failed to connect to VsockAddr { cid: 3, port: 1024 } within 10s (attempts=9), last_err=x',
    {
      not: 'vsock: failed to connect to VsockAddr { cid: 3, port: 1024 }, attempts 3, retry after 10ms, err Connection reset',
    },
  ],
  ['agent-timeout', 'hybrid vsock: failed to connect to "/run/kata/a/ch.sock", err Os { code: 111 }'],
  [
    'shim-start',
    'failed to start shim: start failed: exec: "containerd-shim-kata-qemu-v2": not found',
    { not: 'failed to delete shim: the shim had ended' },
  ],
  [
    'net-attach',
    'failed to create endpoint one on network bridge',
    { in: 'kata.docker.net', not: 'created endpoint one on network bridge' },
  ],
  [
    'pkg-mirror',
    'E: Failed to fetch http://mirror/x.deb  Hash Sum mismatch',
    { not: 'W: Fetched http://mirror/x.deb in 3 s' },
  ],
  [
    'clock',
    'E: Release file for x is not valid yet (invalid for another 3d 2h)',
    { not: 'E: Release file for x is expired (invalid since 3d 2h)' },
  ],
  [
    'pkg-signature',
    'W: GPG error: NO_PUBKEY 648ACFD622F3D138',
    { not: 'gpg: Good signature of 648ACFD622F3D138' },
  ],
  [
    'uninstallable',
    'E: The following packages have unmet dependencies: x : Depends: y but it is not installable',
    { not: 'The following packages have dependencies: x : Depends: y' },
  ],
  [
    'not-packaged',
    'E: Unable to locate package qemu-system-x86',
    { not: 'E: Unable to lock the package cache' },
  ],
  [
    'packaging',
    'dpkg: error processing package qemu-system-x86 (--configure)',
    { not: 'dpkg: warning: while processing package qemu-system-x86 (--configure)' },
  ],
  [
    'initrd-build',
    "dracut: Module 'busybox' cannot be found or installed.",
    { not: "dracut: Module 'busybox' is included." },
  ],
  [
    'firmware-missing',
    "qemu: could not load PC BIOS 'bios-256k.bin'",
    { in: 'vmm.qemu.boot', not: "qemu: loaded PC BIOS 'bios-256k.bin'" },
  ],
  ['firmware-missing', 'failed to find romfile "efi-virtio.rom"', { in: 'vmm.qemu.boot' }],
  [
    'vsock-cid-taken',
    'vhost-vsock: unable to set guest cid: Address already in use',
    { in: 'vmm.qemu.boot', not: 'vhost-vsock: unable to set guest cid: Device or resource busy' },
  ],
  [
    'not-executable',
    "virtiofsd ended with status 126 on Kata's arguments: sh: 1: /usr/libexec/virtiofsd: Permission denied",
    {
      in: 'vmm.virtiofsd.start',
      not: "virtiofsd ended with status 1 on Kata's arguments: /tmp/socket: Permission denied",
    },
  ],
  [
    'loader',
    "virtiofsd ended with status 127 on Kata's arguments: sh: 1: /usr/libexec/virtiofsd: not found",
    { in: 'vmm.virtiofsd.start' },
  ],
  ['vhost-user-handshake', 'vhost_backend_init failed: Protocol error', { in: 'vmm.virtiofs.mount' }],
  [
    'host-module-forbidden',
    "Error running install command '/bin/false' for module kvm_amd: retcode 1",
    { in: 'host.kvm', not: 'Error running remove command for module kvm_amd: retcode 1' },
  ],
  [
    'pull',
    'failed to pull image "docker.io/library/busybox": toomanyrequests',
    { not: 'pulled image "docker.io/library/busybox"' },
  ],
];
