import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

/**
 * What the distro sets and Kata needs. 1 is enough for io_uring, as the VMM runs as root; 65536 descriptors, as
 * virtiofsd keeps one open for each file that the guest knows.
 */
const limits: readonly { key: string; needs: string; holds: (value: string) => boolean }[] = [
  { key: 'limits.io_uring_disabled', needs: '0 or 1', holds: (value) => value !== '2' },
  { key: 'limits.cgroup', needs: 'cgroup2fs', holds: (value) => value === 'cgroup2fs' },
  { key: 'limits.nofile', needs: 'at least 65536', holds: atLeast(65_536) },
  { key: 'limits.containerd.nofile', needs: 'at least 65536', holds: atLeast(65_536) },
  { key: 'limits.max_map_count', needs: 'at least 65530', holds: atLeast(65_530) },
  { key: 'limits.inotify_instances', needs: 'at least 128', holds: atLeast(128) },
  { key: 'limits.user_namespaces', needs: 'at least 1', holds: atLeast(1) },
];

export default {
  title: "The distro's limits leave room for Kata",
  on: ['host'],
  needs: { kernel: true },
  stepSeconds: 10,

  async run(t) {
    const said = await t.step('read the limits', () =>
      told(t.guest.$`
        sysctl_or() { cat "/proc/sys/$1" 2>/dev/null || echo "$2"; }
        echo "limits.io_uring_disabled=$(sysctl_or kernel/io_uring_disabled 0)"
        echo "limits.cgroup=$(stat -fc %T /sys/fs/cgroup)"
        echo "limits.nofile=$(systemctl show --property DefaultLimitNOFILE --value)"
        echo "limits.containerd.nofile=$(systemctl show containerd --property LimitNOFILE --value)"
        echo "limits.containerd.memlock=$(systemctl show containerd --property LimitMEMLOCK --value)"
        echo "limits.max_map_count=$(sysctl_or vm/max_map_count 0)"
        echo "limits.inotify_instances=$(sysctl_or fs/inotify/max_user_instances 0)"
        echo "limits.user_namespaces=$(sysctl_or user/max_user_namespaces 0)"
        echo "limits.shm.mib=$(df -m --output=size /dev/shm | tail -n 1)"`),
    );

    const values = pairsIn(said);
    for (const [key, value] of Object.entries(values)) {
      await t.fact(key, value);
    }
    const short = limits
      .filter(({ key, holds }) => !holds(values[key] ?? ''))
      .map(({ key, needs }) => `${key.slice('limits.'.length)} is ${values[key]}, and must be ${needs}`);
    assert.ok(short.length === 0, short.join('; '));
  },
} satisfies Scenario;

/** `infinity` is what systemd says of no limit. */
function atLeast(least: number): (value: string) => boolean {
  return (value) => value === 'infinity' || Number(value) >= least;
}
