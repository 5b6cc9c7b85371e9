import type { Scenario } from '../../src/scenario.ts';
import { classOf } from '../parts/classed.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { told } from '../parts/told.ts';
import { upstreamGap } from '../parts/upstream-gaps.ts';

export default {
  title: 'A container of Kata whose VMM is killed is stopped, and can be removed',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at, hypervisor, runtime } = await kataStack(t, ['sandbox']);
    const { $ } = t.guest;

    await between(t, at, async () => {
      await t.step('start a container', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh
          remember_traces
          start_sleeper kata orphan`),
      );

      try {
        await t.step('kill its VMM, and remove it', () =>
          told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh
            vmm=$(vmm_of orphan | head -n 1)
            [ -n "$vmm" ] || farm_error 'the VMM of the sandbox is not found'
            kill -KILL "$vmm"

            # Counted in answers of containerd's, not in seconds: a slow machine has as many.
            looks=0
            stop_settled() { looks=$((looks + 1)); is_status orphan STOPPED || [ "$looks" -ge 60 ]; }
            wait_for 'the container to be stopped' 'task_status orphan' stop_settled
            is_status orphan STOPPED || { kata_words
              fail_as vmm-death-unnoticed "its VMM was killed, and the container is $(task_status orphan)"; }

            ctr -n kata tasks rm -f orphan >remove.log 2>&1 || true
            ctr -n kata containers rm orphan >remove.log 2>&1 ||
              fail_as vmm-death-unnoticed 'its VMM was killed, and the container can not be removed' "$(last_error remove.log)"
            expect_nothing_left`),
        );
      } catch (error) {
        const gap = upstreamGap(t.cell.scenario, { hypervisor, runtime }, classOf(error));
        if (!gap) {
          throw error;
        }
        await t.fact('upstream.gap', gap.tracker);
        t.skip(`a gap of Kata's own, whatever the VMM (${gap.tracker}): ${(error as Error).message}`);
      }
    });
  },
} satisfies Scenario;
