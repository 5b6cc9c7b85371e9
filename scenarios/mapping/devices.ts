import type { Scenario } from '../../src/scenario.ts';
import { kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { compare, type How } from '../parts/mapping.ts';
import { told } from '../parts/told.ts';

const mac = '02:4b:61:74:61:01';
const bytes = 8 * 1024 * 1024 + 4096;

export default {
  title: 'Devices are in the container by the names that were asked for, whatever its kernel calls them',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 90,

  async run(t) {
    const libraries = ['mapping', 'mapping-inside', 'mapping-inside-mounts'] as const;
    const { at } = await kataStack(t, libraries, ['busybox', 'ctr', 'ip', 'losetup']);

    const script = (how: How) =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./mapping.sh
        how=${how}
        printf 'written outside.' >disk-${how}
        truncate -s ${bytes} disk-${how}
        loop=$(losetup -f --show disk-${how})
        rm -f /dev/katafarm-*
        mknod /dev/katafarm-disk b "0x$(stat -c %t "$loop")" "0x$(stat -c %T "$loop")"
        mknod /dev/katafarm-null c 1 3
        mknod /dev/katafarm-zero c 1 5

        ip netns add "mapping-$how"
        ip link add "peer-$how" mtu 1400 type veth peer name eth0 address ${mac} mtu 1400 netns "mapping-$how"
        ip link set "peer-$how" up
        ip -n "mapping-$how" link set lo up
        ip -n "mapping-$how" addr add 10.99.7.2/24 dev eth0
        ip -n "mapping-$how" link set eth0 up
        ip -n "mapping-$how" route add default via 10.99.7.1

        # A device of this machine's that is passed to nobody: its name has to stay as it is.
        bdf=$(ls /sys/bus/pci/devices | head -n 1)
        start_sleeper "$how" "devices-$how" --with-ns "network:/run/netns/mapping-$how" \
          --device /dev/katafarm-disk --device /dev/katafarm-null --device /dev/katafarm-zero \
          --env "PCIDEVICE_KATAFARM_ORG_NIC=$bdf" \
          --env "PCIDEVICE_KATAFARM_ORG_NIC_INFO={\\"$bdf\\":{\\"generic\\":{\\"deviceID\\":\\"$bdf\\"}}}"
        probed "devices-$how" devices | sed "s/$bdf/BDF/g"
        probed "devices-$how" written
        echo "disk.outside=$(dd if=disk-${how} bs=16 skip=1 count=1 status=none | tr '\\0' ' ')"
        echo "mapped.disk-outside=$loop"

        ctr -n kata tasks kill -s KILL "devices-$how" >/dev/null
        wait_for "the container's end" 'ctr -n kata tasks ls' ended "devices-$how"
        ctr -n kata tasks delete "devices-$how" >/dev/null 2>&1 || true
        losetup -d "$loop"`);

    await compare(t, at, { script, asked });
  },
} satisfies Scenario;

/** What is asked of a container, whoever runs it. */
const asked = {
  'disk.type': 'block special file',
  'disk.bytes': String(bytes),
  'disk.text': 'written outside.',
  'disk.write': '',
  'disk.outside': 'written inside..',
  'null.type': 'character special file',
  'null.write': '',
  'zero.read': '00 00 00 00',
  'nic.mac': mac,
  'nic.mtu': '1400',
  'nic.address': '10.99.7.2/24',
  'nic.route': 'default via 10.99.7.1 dev eth0',
  'nic.names': 'eth0 lo',
  'env.pci': 'BDF',
  'env.info': '{"BDF":{"generic":{"deviceID":"BDF"}}}',
};
