import type { RootFiles } from '../../host/mmdebstrap.ts';
import { systemctl, systemctlPath } from './systemctl.ts';

/** Where the farm's first process stands in a container. */
export const initPath = '/usr/local/lib/katafarm/init';
/** What is in the volume when a container is frozen: a commit leaves volumes out. */
export const volumeCopy = '/var/lib/katafarm/containerd.tar';
/** Where containerd keeps its images: overlayfs doesn't go on top of itself, so it is a volume. */
export const volumePlace = '/var/lib/containerd';
/** What the first process says once the container is as it should be. */
export const upLine = 'katafarm: up';

/** Units that a boot would have started, as far as anything relies on it. */
const services = ['containerd'];

/**
 * The first process: it ends when nobody holds its standard input any more, and the container with it, so that nothing
 * outlives its farm. Its shell waits for whatever is orphaned. The cgroups are the container's own (a namespace), and
 * the engine mounts them read-only; a cgroup of version 2 with processes of its own takes no children.
 */
const init = `#!/bin/sh
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -o remount,bind,rw /sys/fs/cgroup
  mkdir -p /sys/fs/cgroup/init
  for pid in $(cat /sys/fs/cgroup/cgroup.procs); do echo "$pid" > /sys/fs/cgroup/init/cgroup.procs; done 2>/dev/null
  for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" > /sys/fs/cgroup/cgroup.subtree_control
  done 2>/dev/null
else
  while read -r _ place type _; do
    [ "$type" != cgroup ] || mount -o remount,bind,rw "$place"
  done < /proc/mounts
fi
[ ! -e ${volumeCopy} ] || tar -C ${volumePlace} -xf ${volumeCopy}
rm -rf /run/katafarm
for unit in ${services.join(' ')}; do
  ! [ -e "/usr/lib/systemd/system/$unit.service" -o -e "/lib/systemd/system/$unit.service" ] ||
    ${systemctlPath} start "$unit" </dev/null &
done
echo '${upLine}'
exec 3<&0
cat <&3 >/dev/null &
wait $!
`;

/** What is put into every image. */
export const guestFiles: RootFiles = {
  [initPath]: { text: init, mode: 0o755 },
  [systemctlPath]: { text: systemctl, mode: 0o755 },
};

/** Departures of every container from a machine of the distro's, in words. */
export const guestDeviations: readonly string[] = [
  "a container on its host's kernel: fidelity userspace",
  "systemd is not its first process: a stand-in of the farm's for systemctl starts the programs of units",
  `${volumePlace} is a volume`,
];

/** Run before a container is frozen: its services rest, and what is in the volume comes along. */
export const quiet = `set -e
for unit in ${services.join(' ')}; do ${systemctlPath} stop "$unit"; done
mkdir -p ${volumeCopy.slice(0, volumeCopy.lastIndexOf('/'))}
tar -C ${volumePlace} -cf ${volumeCopy} .
rm -rf /run/katafarm`;
