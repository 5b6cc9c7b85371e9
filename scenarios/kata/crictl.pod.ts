import type { Scenario } from '../../src/scenario.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { podInVm } from '../parts/pod-in-vm.ts';
import { handlerOf, podInstruments, readyForPods } from '../parts/pods.ts';

export default {
  title: 'A pod of two containers lives in one VM, from its start by the CRI to nothing left of it',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at, config } = await kataStack(t, ['image', 'pods', 'cni-plugin'], podInstruments);
    const kata = handlerOf(t.cell.stack, config);

    await between(t, at, async () => {
      const cri = await readyForPods(t, at, [kata]);
      await podInVm(t, { at, cri, plain: 'runc', kata: kata.name });
    });
  },
} satisfies Scenario;
