import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

const port = 7214;

export default {
  title: "The distro's cloud-hypervisor boots the distro's kernel under KVM",
  on: ['clh'],
  needs: { parts: ['cloud-hypervisor', 'kernel'], devices: ['/dev/kvm'] },
  restsOn: ['host.kvm'],
  stepSeconds: 30,

  async run(t) {
    const { $ } = t.guest;
    const at = await workplace(t, ['nested', 'nested-init'], ['busybox', 'socat', 'cpio']);
    const token = randomUUID();
    const { path } = t.part('cloud-hypervisor');

    await t.step("make an initrd for the distro's own kernel", () =>
      told($`cd ${at}; . ./machine.sh; . ./nested.sh
        make_initrd virtio_pci vmw_vsock_virtio_transport`),
    );

    // Its vsock is a socket of this machine: a guest that calls port P of the host reaches the path with _P behind.
    const said = await t.step('boot the nested guest to its power-off', () =>
      told($`cd ${at}; . ./machine.sh; . ./nested.sh
        hear_vsock UNIX-LISTEN:vsock.sock_${port}
        start_vmm ${path} --kernel "/boot/vmlinuz-$(uname -r)" --initramfs initrd \
          --cmdline ${`console=ttyS0 quiet panic=-1 katafarm.vsock=${port}:${token}`} \
          --cpus boot=1 --memory size=256M,shared=on --serial file=console --console off \
          --vsock cid=77,socket=vsock.sock
        wait_for_vmm cloud-hypervisor 'open a virtual machine of KVM' holds_kvm
        identify clh "/proc/$vmm/exe"
        wait_for_end
        echo "machine=$(uname -r)"
        echo "distro.path=$(readlink -f ${path})"
        heard; heard_vsock`),
    );

    const { 'distro.path': distros, serial, vsock, machine, kernel, ...facts } = pairsIn(said);
    await record(t, Object.fromEntries(Object.entries(facts).filter(([key]) => key.startsWith('clh.'))));

    assert.ok(
      facts['clh.path'] === distros,
      `what ran is ${facts['clh.path']}, and not the distro's ${distros}`,
    );
    assert.ok(serial === token, `the token did not come over the serial line, but:\n${said}`);
    assert.ok(vsock === token, `the token came over the serial line, and over vsock: ${vsock ?? 'nothing'}`);
    assert.ok(kernel === machine, `the nested guest runs kernel ${kernel}, and the machine ${machine}`);
  },
} satisfies Scenario;
