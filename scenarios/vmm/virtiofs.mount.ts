import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { kataArguments, readyLine } from '../parts/virtiofsd.ts';
import { workplace } from '../parts/workplace.ts';

const tag = 'kataShared';

/** As Kata has it: the guest's memory is a shared file, or virtiofsd could not see it. */
const device = [
  ...['-object', 'memory-backend-file,id=memory,mem-path=/dev/shm,size=256M,share=on'],
  ...['-numa', 'node,memdev=memory'],
  ...['-chardev', 'socket,id=share,path=socket'],
  ...['-device', `vhost-user-fs-pci,chardev=share,tag=${tag},queue-size=1024`],
];

export default {
  title: "A guest of the distro's QEMU reads and writes a folder by the distro's virtiofsd",
  on: ['qemu'],
  needs: { parts: ['qemu', 'virtiofsd', 'kernel'], devices: ['/dev/kvm'] },
  restsOn: ['host.kvm'],
  stepSeconds: 30,

  async run(t) {
    const { $ } = t.guest;
    const at = await workplace(t, ['nested', 'nested-init', 'virtiofsd'], ['busybox', 'socat', 'cpio']);
    const { path: daemon } = t.part('virtiofsd');

    await t.step("make an initrd for the distro's own kernel, and a random file", () =>
      told($`cd ${at}; . ./machine.sh; . ./nested.sh
        make_initrd virtio_pci fuse virtiofs
        mkdir -p shared && head -c 524288 /dev/urandom >shared/given`),
    );

    const said = await t.step('share a folder with a nested guest', () =>
      told($`cd ${at}; . ./machine.sh; . ./nested.sh; . ./virtiofsd.sh
        start_virtiofsd ${readyLine} ${daemon} ${kataArguments('socket', 'shared')}
        identify virtiofsd "/proc/$virtiofsd/exe"
        echo "virtiofsd.version=$(${daemon} --version 2>&1 | head -n 1)"
        start_qemu ${t.part('qemu').path} ${`katafarm.share=${tag}`} ${device}
        trap 'show_vmm; show_virtiofsd' EXIT
        alive "$vmm" && identify qemu "/proc/$vmm/exe"
        wait_for_end
        [ -e shared/made ] || fail 'the nested guest wrote no file to the shared folder' "$(last console)" "$(last virtiofsd.log)"
        echo "machine.given=$(busybox sha256sum shared/given | cut -d ' ' -f 1)"
        echo "machine.made=$(busybox sha256sum shared/made | cut -d ' ' -f 1)"
        heard`),
    );

    const answer = pairsIn(said);
    const { 'machine.given': given, 'machine.made': made } = answer;
    await record(
      t,
      Object.fromEntries(Object.entries(answer).filter(([key]) => /^(qemu|virtiofsd)\./.test(key))),
    );

    assert.ok(answer['mounted'] === 'yes', `the nested guest could not mount the share:\n${said}`);
    assert.ok(
      answer['given'] === given,
      `the machine's file is ${given}, and what the nested guest read is ${answer['given']}`,
    );
    assert.ok(
      answer['made'] === made,
      `the nested guest wrote ${answer['made']}, and what the machine finds is ${made}`,
    );
  },
} satisfies Scenario;
