import type { Facility } from './facility.ts';

const inVms = ['vmm.*', 'kata.*', 'mapping.*'];
const everywhere = ['host.boot', 'host.containerd', 'control.*', ...inVms];
const starts = ['containerd-start', 'control-container', 'host-unit-failed', 'packaging'];

/** Room: what the farm sized, and what uses it up. */
export const roomFacilities: readonly Facility[] = [
  {
    id: 'disk',
    title: 'room on the disks',
    script: `
for place in / /var/lib/containerd /run /tmp; do
  [ -d "$place" ] || continue
  free=$(df -Pk "$place" | awk 'NR == 2 { print $4 }')
  [ "\${free:-0}" -ge 16384 ] || { echo "$place has $free KiB left"; exit 1; }
  try=$(mktemp "$place/.katafarm.XXXXXX" 2>&1) || { echo "$place takes no file: $try"; exit 1; }
  head -c 65536 /dev/zero >"$try"; status=$?; rm -f "$try"
  [ $status = 0 ] || { echo "$place can not be written"; exit 1; }
done
echo "there is room: $free KiB in $place"`,
    explains: ['disk-full', 'leftover-state', ...starts],
    class: 'disk-full',
    takesBlameIn: everywhere,
    blames: [
      [/Read-only/, 'distro-host'],
      [/./, 'farm'],
    ],
  },
  {
    id: 'inodes',
    title: 'room for files',
    script: `
for place in / /var/lib/containerd /run /tmp /dev/shm; do
  [ -d "$place" ] || continue
  set -- $(df -Pi "$place" | awk 'NR == 2 { print $2, $4 }')
  case $1 in '' | 0 | -) continue ;; esac
  [ "$2" -ge 100 ] || { echo "$place has $2 of $1 inodes left"; exit 1; }
done
echo 'there are inodes everywhere'`,
    explains: ['disk-full', ...starts],
    class: 'disk-full',
    takesBlameIn: everywhere,
    blames: [[/./, 'farm']],
  },
  {
    id: 'shm',
    title: "/dev/shm, which holds a guest's memory",
    // The kernel's own size of it is half of the memory (linux mm/shmem.c).
    script: `
[ "$(stat -f -c %T /dev/shm)" = tmpfs ] || { echo "/dev/shm is $(stat -f -c %T /dev/shm), and no tmpfs"; exit 1; }
set -- $(df -Pk /dev/shm | awk 'NR == 2 { print $2, $4 }')
memory=$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)
guest=$(cat /etc/katafarm/*/config.d/*.toml 2>/dev/null | sed -n 's/^ *default_memory *= *\\([0-9]*\\).*/\\1/p' | sort -n | tail -n 1)
[ $(($1 * 10)) -ge $((memory * 4)) ] || { echo "/dev/shm has $1 KiB of $memory KiB memory, where the kernel gives it half"; exit 1; }
[ "$2" -ge $((\${guest:-128} * 1024)) ] || { echo "/dev/shm has $2 KiB left, and a guest takes \${guest:-128} MiB"; exit 1; }
echo "/dev/shm has $2 KiB left of $1"`,
    explains: ['shm-too-small', 'agent-timeout', 'virtiofs-share', 'vhost-user-handshake', 'vmm-refuses'],
    class: 'shm-too-small',
    takesBlameIn: ['vmm.virtiofs.mount', 'vmm.qemu.kata-cmdline', 'kata.*', 'mapping.*'],
    blames: [[/./, 'farm']],
    mend: 'mount -o remount,size=100% /dev/shm',
  },
  {
    id: 'memory',
    title: 'memory that is free',
    script: `
free=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
[ "\${free:-0}" -ge 128 ] || { echo "there are $free MiB of memory left"; exit 1; }
echo "there are $free MiB of memory left"`,
    explains: ['out-of-memory', 'agent-timeout', 'guest-panic', 'resources', ...starts],
    class: 'out-of-memory',
    takesBlameIn: everywhere,
    blames: [[/./, 'farm']],
  },
  {
    id: 'inotify',
    title: 'inotify instances and watches',
    // inotify_init and inotify_add_watch have these numbers on x86_64 alone.
    script: `
limits="$(cat /proc/sys/fs/inotify/max_user_instances) instances, $(cat /proc/sys/fs/inotify/max_user_watches) watches"
[ "$(uname -m)" = x86_64 ] && command -v perl >/dev/null || { echo "can not be tried: $limits"; exit 77; }
answer=$(perl -e 'my $i = syscall 253; $i >= 0 or print("no instance is left: $!"), exit;
  for my $p ("/", "/dev", "/etc", "/proc", "/run", "/sys", "/tmp", "/usr", "/var") {
    my $s = "$p\\0"; syscall(254, $i, $s, 2) >= 0 or print("no watch is left: $!"), exit }
  print "ok"')
[ "$answer" = ok ] || { echo "$answer (the limits are $limits)"; exit 1; }
echo "watches can be had: $limits"`,
    explains: ['inotify-exhausted', 'containerd-plugin', ...starts, 'shim-start', 'net-attach'],
    class: 'inotify-exhausted',
    takesBlameIn: ['host.boot', 'host.containerd', 'control.*', 'kata.*', 'mapping.*'],
    blames: [[/./, 'distro-host']],
    mend: `echo 1024 >/proc/sys/fs/inotify/max_user_instances; echo 524288 >/proc/sys/fs/inotify/max_user_watches
      systemctl try-restart containerd 2>/dev/null || true`,
  },
  {
    id: 'clock',
    title: 'the clock',
    script: `
[ -n "$FARM_TIME" ] || { echo 'nothing to compare it with'; exit 77; }
off=$(($(date +%s) - FARM_TIME))
[ $off -lt 3600 ] && [ $off -gt -3600 ] || { echo "the clock is $off s off"; exit 1; }
echo "the clock is right to $off s"`,
    explains: ['clock', 'pkg-mirror', 'pkg-signature', 'pull'],
    class: 'clock',
    takesBlameIn: everywhere,
    blames: [[/./, 'farm']],
  },
];
