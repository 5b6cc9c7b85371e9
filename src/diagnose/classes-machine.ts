import type { Row } from './failure-class.ts';
import { lacksModule, ours, outside, policy, program, redProbe, setByDistro } from './points.ts';
import { errno, printed } from './words.ts';

/** One errno for disks, inodes, watches and cgroups: the probe tells them apart. */
const noSpace = /no space left on device|ENOSPC/i;

/** Of the device that a facility is about. */
const noDevice = (facility: string) =>
  printed(errno, new RegExp(`/dev/(?:net/)?${facility}\\b.*[Nn]o such (?:file|device)`), {
    confirm: facility,
  });

/** What the loader, the kernel and its security modules say. */
export const machineClasses: readonly Row[] = [
  {
    id: 'glibc',
    title: "a program is built for another libc than the distro's",
    ...program,
    words: [printed('glibc elf/dl-version.c', /version `GLIBC_[\d.]+' not found/)],
  },
  {
    id: 'loader',
    title: 'a program lacks its loader or a library',
    ...program,
    words: [
      printed(
        'glibc elf/dl-load.c',
        /error while loading shared libraries|no such file or directory.*(?:ld-musl|ld-linux)|exec format error/i,
      ),
    ],
  },
  {
    id: 'shm-too-small',
    title: "/dev/shm is too small for the guest's memory",
    ...ours,
    words: [printed(errno, /\/dev\/shm.*(?:No space|ENOSPC)/, { confirm: 'shm' })],
  },
  {
    id: 'disk-full',
    title: "the machine's disk is full",
    ...ours,
    words: [printed(errno, noSpace, { confirm: 'disk' }), printed(errno, noSpace, { confirm: 'inodes' })],
  },
  {
    id: 'inotify-exhausted',
    title: 'there are no inotify instances or watches left',
    ...setByDistro,
    words: [printed(errno, noSpace, { confirm: 'inotify' })],
  },
  {
    id: 'cgroup',
    title: "the machine's cgroups do not fit",
    ...redProbe,
    words: [printed(errno, noSpace, { confirm: 'cgroup' })],
  },
  { class: 'inotify-exhausted', ...printed(errno, /too many open files|EMFILE/i, { confirm: 'inotify' }) },
  {
    id: 'out-of-memory',
    title: 'the machine has too little memory',
    ...ours,
    words: [printed(errno, /Cannot allocate memory|Out of memory|oom-kill/, { confirm: 'memory' })],
  },
  {
    class: 'shm-too-small',
    ...printed(errno, /unable to map backing store|SIGBUS|Bus error/, { confirm: 'shm' }),
  },
  {
    id: 'io-uring-disabled',
    title: 'io_uring is forbidden by the kernel.io_uring_disabled setting',
    ...setByDistro,
    words: [printed(errno, /io_uring.*(?:EPERM|Operation not permitted)/, { confirm: 'io-uring' })],
  },
  {
    class: 'cgroup',
    ...printed(errno, /cgroup.*(?:mountpoint does not exist|not found|permission denied)/i, {
      confirm: 'cgroup',
    }),
  },
  {
    id: 'host-module-missing',
    title: "the distro's kernel has no module that Kata uses",
    ...lacksModule,
    words: [noDevice('kvm'), noDevice('vhost-vsock'), noDevice('vhost-net'), noDevice('tun')],
  },
  {
    id: 'vsock-busy',
    title: 'another hypervisor holds vsock',
    ...outside,
    words: [printed('linux drivers/vhost/vsock.c', /vhost-vsock.*(?:Device or resource busy|EBUSY)/)],
  },
  {
    id: 'selinux-label',
    title: 'what was put into the machine has no label of its own',
    ...ours,
    words: [
      printed('linux security/selinux/avc.c', /avc: +denied .*:(?:unlabeled_t|default_t):.*permissive=0/),
    ],
  },
  {
    id: 'selinux-avc',
    title: 'SELinux denied it',
    ...policy,
    words: [
      printed(
        'linux security/selinux/avc.c',
        /avc: +denied .*(?:qemu|cloud-hyper|virtiofsd|containerd|container_kvm_t).*permissive=0/,
      ),
    ],
  },
  {
    id: 'apparmor',
    title: 'AppArmor denied it',
    ...policy,
    words: [
      printed(
        'linux security/apparmor/audit.c',
        /apparmor="DENIED".*(?:qemu|virtiofsd|cloud-hypervisor|containerd|runc|kata)/,
      ),
    ],
  },
];
