import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { kataStack } from '../parts/kata.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

// A control: where it is green and Kata is red on the same VMM, it is the interplay of both.
export default {
  title: "The VMM alone boots Kata's guest up to its agent, which is reached over vsock",
  on: ['qemu', 'qemu+distro-kernel', 'clh', 'clh+distro-kernel', 'qemu.upstream', 'clh.upstream'],
  needs: { devices: ['/dev/kvm', '/dev/vhost-vsock'] },
  restsOn: ['host.kvm'],
  stepSeconds: 60,

  async run(t) {
    const { at, hypervisor, vmm, kernel, rootfs } = await kataStack(
      t,
      ['nested', 'guest'],
      ['busybox', 'socat'],
    );
    if (!vmm) {
      return t.skip('the VMM of this stack is in its shim');
    }

    const said = await t.step("boot Kata's guest, and call its agent", () =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./nested.sh; . ./guest.sh
        ${`start_guest_${hypervisor}`} ${vmm.path} ${kernel.path} ${rootfs.kind} ${rootfs.path}
        alive "$vmm" && identify vmm "/proc/$vmm/exe"
        wait_for_agent ${hypervisor}
        echo "agent.seconds=$(($(seconds_up) - vmm_started))"
        call_agent ${hypervisor}
        alive "$vmm" || fail_as vmm-exited "the VMM ended when its guest was called" "$(vmm_says)"`),
    );

    await record(t, pairsIn(said));
  },
} satisfies Scenario;
