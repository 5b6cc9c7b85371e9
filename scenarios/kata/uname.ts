import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Scenario } from '../../src/scenario.ts';
import { between, kataStack } from '../parts/kata.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

export default {
  title: 'A container of Kata runs to its end, on a kernel of its own',
  on: 'kata',
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc'],
  stepSeconds: 60,

  async run(t) {
    const { at } = await kataStack(t);
    const token = randomUUID();

    const said = await between(t, at, () =>
      t.step('run a container by Kata', () =>
        told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh
          started=$(seconds_up)
          run_to_end kata sandbox "$kata_image" sandbox \
            sh -c ${`echo kernel=$(uname -r); echo boot=$(cat /proc/sys/kernel/random/boot_id); echo pid=$$; echo token=${token}`}
          cat sandbox.out
          echo "seconds=$(($(seconds_up) - started))"
          echo "machine=$(uname -r)"
          echo "machine.boot=$(cat /proc/sys/kernel/random/boot_id)"`),
      ),
    );

    const answer = pairsIn(said);
    assert.ok(answer['token'] === token, `the container did not say the token, but:\n${said}`);
    assert.ok(answer['boot'], 'the container did not say of which boot its kernel is');
    // A kernel of the machine's very version may be in a guest, too: its boot is another one.
    if (answer['boot'] === answer['machine.boot']) {
      throw Object.assign(
        new assert.AssertionError({
          message: `the container is in no VM: it runs on the machine's own kernel (${answer['kernel']})`,
        }),
        { class: 'guest-kernel-same' },
      );
    }
    await t.fact('guest.kernel', answer['kernel'] ?? 'unknown');
    await t.fact('sandbox.seconds', Number(answer['seconds']));
  },
} satisfies Scenario;
