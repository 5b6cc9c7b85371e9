import type { Facility } from './facility.ts';

const katas = ['kata.*', 'mapping.*'];

/** What the kernel and its settings give. */
export const kernelFacilities: readonly Facility[] = [
  {
    id: 'tc',
    title: 'traffic led from one interface to another, as Kata does',
    // As runtime-rs' tc_filter_model.rs does it, and clsact, which other network models take.
    script: `
command -v unshare >/dev/null && command -v tc >/dev/null && command -v ip >/dev/null || { echo 'there is no unshare, ip or tc'; exit 77; }
missing() { for m in $1; do modinfo -n $m >/dev/null 2>&1 || { echo "$2: the kernel has no module $m"; exit 1; }; done; echo "$2: its modules are there: $1"; exit 1; }
said=$(unshare -n sh -c '
  try() { what=$1; shift; "$@" 2>&1 || { echo "$what"; exit 1; }; }
  try veth ip link add kf0 type veth peer name kf1
  try tap ip tuntap add dev kf2 mode tap
  try ingress tc qdisc add dev kf0 ingress
  try u32 tc filter add dev kf0 parent ffff: protocol all u32 match u32 0 0
  try mirred tc filter add dev kf0 parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev kf2
  try clsact tc qdisc add dev kf1 clsact') && { echo 'traffic can be led between interfaces'; exit 0; }
case $said in
  *clsact) missing 'sch_ingress' clsact ;;
  *mirred) missing 'act_mirred' mirred ;;
  *u32) missing 'cls_u32' u32 ;;
  *ingress) missing 'sch_ingress' ingress ;;
  *tap) missing 'tun' tap ;;
  *) missing 'veth' veth ;;
esac`,
    explains: ['tc-missing', 'net-attach', 'host-module-missing'],
    class: 'tc-missing',
    takesBlameIn: ['host.tc', ...katas],
    blames: [
      [/no module/, 'distro-kernel'],
      [/./, 'unknown'],
    ],
  },
  {
    id: 'mount-propagation',
    title: 'mounts that are shared',
    script: `
shared() { awk '$5 == "/" { yes = / shared:/ } END { exit !yes }' "$1" 2>/dev/null; }
shared /proc/1/mountinfo || { echo 'the root mount is private: what is mounted in one namespace is not seen in another'; exit 1; }
pid=$(pgrep -o -x containerd); [ -z "$pid" ] || shared /proc/$pid/mountinfo || { echo "containerd's root mount is private"; exit 1; }
echo 'mounts are shared'`,
    explains: ['mount-private', 'lifecycle', 'leftover-state', 'virtiofs-share'],
    class: 'mount-private',
    takesBlameIn: ['host.propagation', ...katas],
    blames: [[/./, 'distro-host']],
    mend: `mount --make-rshared /
      pid=$(pgrep -o -x containerd || true); [ -z "$pid" ] || nsenter -t "$pid" -m mount --make-rshared /`,
  },
  {
    id: 'cgroup',
    title: 'cgroups of version 2',
    script: `
type=$(stat -f -c %T /sys/fs/cgroup)
[ "$type" = cgroup2fs ] || { echo "/sys/fs/cgroup is $type, and not cgroup2fs"; exit 1; }
for controller in cpu memory pids; do
  grep -qw $controller /sys/fs/cgroup/cgroup.controllers || { echo "there is no controller $controller"; exit 1; }
done
try=/sys/fs/cgroup/katafarm.$$
made=$(mkdir $try 2>&1) || { echo "no cgroup can be made: $made"; exit 1; }
sh -c "echo \\$\\$ >$try/cgroup.procs" 2>/dev/null; status=$?
sleep 0.1; rmdir $try 2>/dev/null
[ $status = 0 ] || { echo 'no process can be put into a cgroup'; exit 1; }
echo 'cgroups of version 2 can be made'`,
    explains: ['cgroup', 'resources', 'containerd-start', 'control-container'],
    class: 'cgroup',
    takesBlameIn: ['host.containerd', 'control.*', ...katas],
    blames: [[/./, 'distro-host']],
  },
  {
    id: 'io-uring',
    title: 'io_uring',
    // io_uring_setup with one entry.
    script: `
setting=$(cat /proc/sys/kernel/io_uring_disabled 2>/dev/null || echo 0)
[ "$setting" != 2 ] || { echo 'kernel.io_uring_disabled is 2'; exit 1; }
command -v perl >/dev/null || { echo "kernel.io_uring_disabled is $setting; there is no perl"; exit 77; }
answer=$(perl -e 'my $p = "\\0" x 120; print syscall(425, 1, $p) >= 0 ? "ok" : "$!"')
case $answer in
  ok) echo "io_uring works, and kernel.io_uring_disabled is $setting" ;;
  *implemented*) echo "the kernel has no io_uring: $answer"; exit 1 ;;
  *) echo "io_uring is refused: $answer"; exit 1 ;;
esac`,
    explains: ['io-uring-disabled', 'qemu-no-io-uring', 'block-device'],
    class: 'io-uring-disabled',
    takesBlameIn: ['vmm.qemu.probe', 'vmm.qemu.kata-cmdline', 'kata.block-aio', 'kata.*'],
    blames: [
      [/the kernel has no/, 'distro-kernel'],
      [/./, 'distro-host'],
    ],
    mend: 'sysctl -q -w kernel.io_uring_disabled=0',
  },
  {
    id: 'overlay',
    title: 'overlay mounts, which images are unpacked by',
    script: `
command -v unshare >/dev/null || { echo 'there is no unshare'; exit 77; }
place=$(mktemp -d) || exit 77
said=$(unshare -m sh -c 'mount -t tmpfs tmpfs "$1" && mkdir "$1/l" "$1/u" "$1/w" "$1/m" &&
  mount -t overlay overlay -o "lowerdir=$1/l,upperdir=$1/u,workdir=$1/w" "$1/m"' sh "$place" 2>&1); status=$?
rmdir "$place"
[ $status != 0 ] || { echo 'overlay mounts work'; exit 0; }
modinfo -n overlay >/dev/null 2>&1 || { echo 'the kernel has no module overlay'; exit 1; }
echo "no overlay can be mounted: $said"; exit 1`,
    explains: ['host-module-missing', 'control-container', 'containerd-plugin', 'containerd-start'],
    class: 'host-module-missing',
    takesBlameIn: ['host.containerd', 'control.*', ...katas],
    blames: [
      [/no module/, 'distro-kernel'],
      [/./, 'unknown'],
    ],
  },
];
