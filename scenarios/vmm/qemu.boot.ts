import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { replyTo } from '../parts/qmp.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

const port = 7214;

export default {
  title: "The distro's QEMU boots the distro's kernel under KVM",
  on: ['qemu'],
  needs: { parts: ['qemu', 'kernel'], devices: ['/dev/kvm', '/dev/vhost-vsock'] },
  restsOn: ['host.kvm'],
  stepSeconds: 30,

  async run(t) {
    const { $ } = t.guest;
    const at = await workplace(t, ['nested', 'nested-init'], ['busybox', 'socat', 'cpio']);
    const token = randomUUID();
    const words = `katafarm.vsock=${port}:${token}`;

    await t.step("make an initrd for the distro's own kernel", () =>
      told($`cd ${at}; . ./machine.sh; . ./nested.sh
        make_initrd virtio_pci vmw_vsock_virtio_transport`),
    );

    const said = await t.step('boot the nested guest to its power-off', () =>
      told($`cd ${at}; . ./machine.sh; . ./nested.sh
        echo "qemu.version=$(${t.part('qemu').path} --version | head -n 1)"
        modprobe vhost_vsock || true
        hear_vsock VSOCK-LISTEN:${port}
        start_qemu ${t.part('qemu').path} ${words} -device vhost-vsock-pci,guest-cid=77
        ask_qmp query-kvm >replies
        identify qemu "/proc/$vmm/exe"
        wait_for_end
        echo "machine=$(uname -r)"
        echo "vmm.seconds=$(($(seconds_up) - vmm_started))"
        heard; heard_vsock; cat replies`),
    );

    const { serial, vsock, machine, kernel, done: _done, called: _called, ...facts } = pairsIn(said);
    await record(t, { ...facts, kernel: kernel ?? 'unknown' });
    const kvm = replyTo('query-kvm', said);

    assert.ok(
      facts['qemu.path'] === (await realPath(t)),
      `what ran is ${facts['qemu.path']}, and not the distro's ${t.part('qemu').path}`,
    );
    assert.ok(kvm?.['enabled'] === true, `QEMU says that it does not use KVM: ${JSON.stringify(kvm)}`);
    assert.ok(serial === token, `the token did not come over the serial line, but:\n${said}`);
    assert.ok(vsock === token, `the token came over the serial line, and over vsock: ${vsock ?? 'nothing'}`);
    assert.ok(kernel === machine, `the nested guest runs kernel ${kernel}, and the machine ${machine}`);
  },
} satisfies Scenario;

async function realPath(t: Parameters<Scenario['run']>[0]): Promise<string> {
  return (await t.guest.$`readlink -f ${t.part('qemu').path}`.text()).trim();
}
