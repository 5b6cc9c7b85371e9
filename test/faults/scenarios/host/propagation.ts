import assert from 'node:assert/strict';
import { pairsIn } from '../../../../scenarios/parts/pairs.ts';
import { told } from '../../../../scenarios/parts/told.ts';
import type { Scenario } from '../../../../src/scenario.ts';

/** As Kata shares a folder with virtiofsd: mounted by the one, and seen by the other, which lives in a slave namespace. */
export default {
  title: 'What is mounted by one process is seen by another, in a namespace of its own',
  on: ['host'],
  stepSeconds: 15,

  async run(t) {
    const said = await t.step('mount a folder, and look from another mount namespace', () =>
      told(t.guest.$`mkdir -p /run/looked/at && mkfifo /run/looked/go
        unshare --mount --propagation slave sh -c 'echo >/run/looked/go; read -r _ </run/looked/go
          echo "propagation=$(ls /run/looked/at)"' &
        read -r _ </run/looked/go
        mount -t tmpfs tmpfs /run/looked/at && : >/run/looked/at/seen
        echo >/run/looked/go
        wait`),
    );

    assert.ok(
      pairsIn(said)['propagation'] === 'seen',
      'a mount does not reach the other mount namespace: mount propagation is not shared',
    );
  },
} satisfies Scenario;
