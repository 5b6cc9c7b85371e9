import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { classed } from '../parts/classed.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

// Kata opens the device by the asynchronous input and output that its configuration names, io_uring unless told otherwise.
export default {
  title: 'A block device is handed to a container of Kata, which reads and writes it past all caches',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at } = await kataStack(t, ['sandbox', 'guest'], ['busybox', 'ctr', 'losetup']);
    const { $ } = t.guest;

    const tryDevice = (how: 'runc' | 'kata') =>
      told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./guest.sh
        head -c 4194304 /dev/urandom >disk
        truncate -s 16M disk
        loop=$(losetup --find --show disk)
        echo "aio=$(configured block_device_aio)"
        run_to_end ${how} ${`block-${how}`} --device "$loop" "$kata_image" ${`block-${how}`} sh -c ${inside} sh "$loop"
        cat ${`block-${how}.out`}
        sync
        losetup --detach "$loop"
        echo "given=$(head -c 4194304 disk | busybox sha256sum | cut -d ' ' -f 1)"
        echo "kept=$(tail -c +8388609 disk | head -c 1048576 | busybox sha256sum | cut -d ' ' -f 1)"`);

    const said = await between(t, at, async () => {
      await t.control('control: the device in a container without a VM', async () => {
        assert.deepEqual(differences(pairsIn(await tryDevice('runc'))), []);
      });
      return await t.step('the same by Kata', () => tryDevice('kata'));
    });

    const seen = pairsIn(said);
    await t.fact('block.aio', seen['aio'] || 'the default');
    await t.fact('block.guest', seen['guest'] ?? 'unknown');
    await t.fact('block.direct', seen['direct'] ?? 'unknown');
    const wrong = differences(seen);
    if (wrong.length > 0) {
      throw classed('block-device', `the device in the container is not the machine's: ${wrong.join('; ')}`);
    }
  },
} satisfies Scenario;

/** The name of the device is the machine's, whatever the guest's kernel calls it. Older busybox has no O_DIRECT. */
const inside = `direct=yes
  dd --help 2>&1 | grep -q direct || direct=no
  in='' out=conv=fsync
  [ $direct = no ] || in=iflag=direct out=oflag=direct
  echo direct=$direct
  echo size=$(blockdev --getsize64 $1)
  echo guest=$(basename $(readlink /sys/dev/block/$(ls -l $1 | sed 's/.* \\([0-9]*\\), *\\([0-9]*\\) .*/\\1:\\2/')))
  echo read=$(dd if=$1 bs=65536 count=64 $in 2>/dev/null | sha256sum | cut -d ' ' -f 1)
  mkdir -p /root && head -c 1048576 /dev/urandom >/root/data
  echo written=$(sha256sum /root/data | cut -d ' ' -f 1)
  dd if=/root/data of=$1 bs=65536 seek=128 $out 2>&1`;

function differences(seen: Readonly<Record<string, string>>): readonly string[] {
  return [
    ...(seen['size'] === '16777216' ? [] : [`it has ${seen['size'] || 'no'} bytes, and not 16777216`]),
    ...(seen['read'] === seen['given'] ? [] : [`${seen['read'] || 'nothing'} is read of ${seen['given']}`]),
    ...(seen['kept'] === seen['written']
      ? []
      : [`${seen['written']} is written, and ${seen['kept']} is kept`]),
  ];
}
