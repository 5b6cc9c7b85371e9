import type { Fault } from '../fault.ts';
import { replaced } from '../plant.ts';

/** What the farm sized, made or set: whatever fails on it says nothing of a distro. */
export const farmFaults: readonly Fault[] = [
  {
    id: 'shm-too-small',
    title: 'a /dev/shm of 8 MiB',
    plant: { script: 'mount -o remount,size=8M /dev/shm' },
    scenario: 'vmm.virtiofs.mount',
    expect: { component: 'farm', class: 'shm-too-small' },
    why: "QEMU dies of SIGBUS on memory that is not there; what the farm sized is the farm's.",
  },
  {
    id: 'disk-full',
    title: 'a disk that is full',
    plant: {
      script: `set -- $(stat -f -c '%f %S' /)
        fallocate -l $(($1 * $2 - 64 * 1024 * 1024)) /var/full
        head -c 128M /dev/zero >/var/rest || true`,
    },
    scenario: 'control.runc',
    expect: { component: 'farm', class: 'disk-full' },
    why: 'The farm made the disk, and containerd has no say in its size.',
  },
  {
    id: 'inodes-exhausted',
    title: 'a file system that has space, and no inode left',
    plant: {
      script: `systemctl stop containerd
        mount -t tmpfs -o nr_inodes=400,size=512M tmpfs /var/lib/containerd
        systemctl start containerd
        i=0; while touch "/var/lib/containerd/planted$i" 2>/dev/null; do i=$((i + 1)); done`,
    },
    scenario: 'control.runc',
    expect: { component: 'farm', class: 'disk-full' },
    why: '"No space left on device" with space left: the file system was made by the farm.',
  },
  {
    id: 'instrument-broken',
    title: "an initrd of the farm's whose init does not start",
    plant: { script: replaced('/usr/bin/busybox', ['echo broken on purpose; exit 1']) },
    scenario: 'vmm.qemu.boot',
    expect: { component: 'farm', class: 'trouble' },
    why: "The initrd and the busybox in it are the farm's work, whatever the guest's kernel makes of them.",
  },
  {
    id: 'farm-unit-failed',
    title: "a unit of the farm's own that fails at boot",
    plant: {
      cold: true,
      script: `printf '%s\\n' '[Service]' Type=oneshot ExecStart=/bin/false '[Install]' WantedBy=multi-user.target \\
          >/etc/systemd/system/katafarm-planted.service
        systemctl enable katafarm-planted.service`,
    },
    scenario: 'host.boot',
    expect: { component: 'farm', class: 'trouble' },
    why: "The unit is not the distro's.",
  },
  {
    id: 'apparmor-userspace-missing',
    title: 'an AppArmor without its userspace, as where Recommends were left out',
    plant: { script: 'dpkg --purge --force-depends apparmor' },
    scenario: 'host.lsm',
    expect: { component: 'farm', class: 'lsm-state' },
    why: "The kernel's package recommends it, so that whoever installs as the distro does has it: the image is at fault.",
  },
  {
    id: 'vsock-cid-taken',
    title: "a guest of somebody else's that has the same vsock address",
    plant: {
      script: `modprobe vhost_vsock
        nohup perl -e 'open my $f, "+<", "/dev/vhost-vsock" or die; my $cid = pack "Q", 77;
          ioctl $f, 0xAF01, 0 or die; ioctl $f, 0x4008AF60, $cid or die "$!"; sleep 1e6' >/dev/null 2>&1 </dev/null &
        sleep 2; kill -0 $!`,
    },
    scenario: 'vmm.qemu.boot',
    expect: { component: 'farm', class: 'vsock-cid-taken' },
    why: 'Nobody but the farm starts guests in its machines.',
  },
];
