import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

const port = 7214;

/** Firecracker's configuration file. The guest resets to end it: it knows no power-off. */
const configuration = (token: string) =>
  JSON.stringify({
    'boot-source': {
      kernel_image_path: 'vmlinux',
      initrd_path: 'initrd',
      boot_args: `console=ttyS0 quiet reboot=k panic=-1 katafarm.vsock=${port}:${token} katafarm.end=reset`,
    },
    drives: [],
    'machine-config': { vcpu_count: 1, mem_size_mib: 256 },
    vsock: { guest_cid: 77, uds_path: 'vsock.sock' },
  });

export default {
  title: "The distro's Firecracker boots the distro's kernel under KVM",
  on: ['firecracker'],
  needs: { parts: ['firecracker', 'kernel'], devices: ['/dev/kvm'] },
  restsOn: ['host.kvm'],
  stepSeconds: 30,

  async run(t) {
    const { $ } = t.guest;
    const at = await workplace(t, ['nested', 'nested-init'], ['busybox', 'socat', 'cpio', 'xz', 'zstd']);
    const token = randomUUID();
    const { path } = t.part('firecracker');

    await t.step("make an initrd and an ELF image of the distro's own kernel", () =>
      told($`cd ${at}; . ./machine.sh; . ./nested.sh
        make_initrd virtio_mmio vmw_vsock_virtio_transport
        unpack_kernel "/boot/vmlinuz-$(uname -r)" vmlinux
        printf '%s' ${configuration(token)} >configuration.json`),
    );

    const said = await t.step('boot the nested guest to its reset', () =>
      told($`cd ${at}; . ./machine.sh; . ./nested.sh
        hear_vsock UNIX-LISTEN:vsock.sock_${port}
        start_vmm ${path} --no-api --config-file configuration.json
        wait_for_vmm Firecracker 'open a virtual machine of KVM' holds_kvm
        identify firecracker "/proc/$vmm/exe"
        wait_for_end
        cp vmm.log console
        echo "machine=$(uname -r)"
        echo "distro.path=$(readlink -f ${path})"
        heard; heard_vsock`),
    );

    const { 'distro.path': distros, serial, vsock, machine, kernel, ...facts } = pairsIn(said);
    await record(
      t,
      Object.fromEntries(Object.entries(facts).filter(([key]) => key.startsWith('firecracker.'))),
    );

    assert.ok(
      facts['firecracker.path'] === distros,
      `what ran is ${facts['firecracker.path']}, and not the distro's ${distros}`,
    );
    assert.ok(serial === token, `the token did not come over the serial line, but:\n${said}`);
    assert.ok(vsock === token, `the token came over the serial line, and over vsock: ${vsock ?? 'nothing'}`);
    assert.ok(kernel === machine, `the nested guest runs kernel ${kernel}, and the machine ${machine}`);
  },
} satisfies Scenario;
