import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { classed } from '../parts/classed.ts';
import { record } from '../parts/facts.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

/** As network.sh makes it. */
const expected = {
  address: '198.51.100.2/24',
  route: '198.51.100.1',
  mac: '0a:58:c6:33:64:02',
  mtu: '1380',
  transfers: 'both',
};

// ctr by itself gives Kata an empty network namespace, where no tap, filter or vhost-net ever comes to work.
export default {
  title:
    'A container of Kata has the address, MAC and MTU of the namespace that it was given, and files go both ways',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm', '/dev/net/tun'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at } = await kataStack(t, ['sandbox', 'network'], ['busybox', 'ctr', 'ip']);
    const { $ } = t.guest;

    const said = await between(t, at, async () => {
      await t.control('control: a network for a container without a VM', async () => {
        const without = await told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh; . ./network.sh
          make_network
          try_network runc network-runc
          end_sandbox network-runc
          links >links.before`);
        assert.deepEqual(pairsIn(without), expected);
      });

      return await t.step('the same network for a container of Kata', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh; . ./network.sh
          try_network kata network-kata
          vmm=$(vmm_of network-kata | head -n 1)
          ls -l "/proc/\${vmm:-none}/fd" 2>/dev/null | grep -q /dev/vhost-net && echo net.vhost=yes || echo net.vhost=no
          end_sandbox network-kata
          links >links.after
          diff links.before links.after >links.diff || show 'what is different in the namespace' links.diff
          ! grep -q '^<' links.diff ||
            fail_as net-damage 'the container is gone, and took from its network:' "$(grep '^<' links.diff)"
          echo "net.left=$(sed -n 's/^> *//p' links.diff | tr '\\n' ';')"`),
      );
    });

    const { 'net.vhost': vhost = 'unknown', 'net.left': left = '', ...seen } = pairsIn(said);
    // Kata 4.1's tap device and filter stay for whoever made the namespace to delete with it.
    await record(t, { 'net.vhost': vhost, 'net.left': left });
    const other = Object.entries(expected).filter(([key, value]) => seen[key] !== value);
    if (other.length > 0) {
      const lines = other.map(([key, value]) => `${key} is ${seen[key] || 'missing'}, and not ${value}`);
      throw classed('net-attach', `the container's network is not the one it was given: ${lines.join('; ')}`);
    }
  },
} satisfies Scenario;
