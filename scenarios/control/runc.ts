import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

const image = 'localhost/katafarm/busybox:1';

export default {
  title: "A container without a VM runs by the distro's containerd and runc",
  on: ['runc'],
  needs: { parts: ['containerd', 'runc'] },
  restsOn: ['host.containerd'],
  stepSeconds: 30,

  async run(t) {
    const { $ } = t.guest;
    const at = await workplace(t, ['image']);
    const token = randomUUID();

    await t.step('make an image from busybox and import it', () =>
      told($`cd ${at}; . ./machine.sh; . ./image.sh
        make_image ${image} image.tar
        echo 'importing an image' >&2
        ctr -n katafarm images import image.tar >import.log 2>&1 ||
          fail "containerd does not import an image" "$(last import.log)"`),
    );

    const said = await t.step('run a container', () =>
      told($`cd ${at}; . ./machine.sh
        echo 'running a container' >&2
        ctr -n katafarm run --rm --runtime io.containerd.runc.v2 ${image} control \
          sh -c ${`echo kernel=$(uname -r); echo pid=$$; echo token=${token}`} >out 2>run.log </dev/null ||
          fail "a container does not run by io.containerd.runc.v2" "$(last run.log)"
        cat out
        echo "machine=$(uname -r)"`),
    );
    const answer = pairsIn(said);
    assert.ok(answer['token'] === token, `the container did not say the token, but:\n${said}`);
    assert.ok(
      answer['kernel'] === answer['machine'],
      `the container says kernel ${answer['kernel']}, and its machine runs ${answer['machine']}`,
    );
    assert.ok(answer['pid'] === '1', 'the container has no process namespace of its own');

    const left = await t.step('look for leftovers', () =>
      told($`cd ${at}; . ./machine.sh
        nothing_left() {
          { ctr -n katafarm containers ls -q || echo 'ctr does not answer'
            ctr -n katafarm tasks ls -q
            ctr -n katafarm snapshots ls | grep '^control' || true
            grep -o '[^ ]*io.containerd.runtime.v2.task/katafarm[^ ]*' /proc/mounts || true
            pgrep -a containerd-shim | grep -e '-namespace katafarm' || true; } >left
          [ ! -s left ]
        }
        # Counted in answers of containerd's, not in seconds: a slow machine has as many.
        looks=0
        until nothing_left || [ "$looks" -ge 20 ]; do
          looks=$((looks + 1))
          echo "still there: $(last left)" >&2
          sleep 0.3
        done
        cat left`),
    );
    assert.ok(left === '', `the container is gone and left this:\n${left}`);

    const used = await t.step('identify containerd and runc', () =>
      told($`cd ${at}; . ./machine.sh
        identify containerd "/proc/$(systemctl show containerd --property MainPID --value)/exe"
        identify runc ${t.part('runc').path}
        echo "runc.version=$(${t.part('runc').path} --version | head -n 1)"`),
    );
    await record(t, pairsIn(used));
  },
} satisfies Scenario;
