import type { Scenario } from '../../src/scenario.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { told } from '../parts/told.ts';

export default {
  title: 'Containers of Kata leave nothing behind, neither one that ended nor one that was killed',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at } = await kataStack(t, ['sandbox']);
    const { $ } = t.guest;

    await between(t, at, async () => {
      await t.step('remember what is there before', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh; remember_traces`),
      );

      await t.step('a container that ends by itself', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh
          run_to_end kata ended "$kata_image" ended true
          expect_nothing_left`),
      );

      const said = await t.step('a container that is killed', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh
          start_sleeper kata killed
          traces >traces.during
          show 'what there is while it runs' traces.during
          ! cmp -s traces.before traces.during || farm_error 'a container that runs leaves no trace that is looked for'
          end_sandbox killed
          expect_nothing_left
          sed 's/^/known: /' left.known`),
      );
      await t.fact('left.known', said.split('\n').filter((line) => line.startsWith('known: ')).length);
    });
  },
} satisfies Scenario;
