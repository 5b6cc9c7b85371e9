import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { pluginsIn } from '../parts/plugins.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

/** Of the release's plugins, those without which Kata has nothing to be called by. */
const wanted = [
  { type: 'io.containerd.grpc.v1', id: 'cri' },
  { type: 'io.containerd.snapshotter.v1', id: 'overlayfs' },
];

export default {
  title: "The distro's containerd starts and answers",
  on: ['host'],
  needs: { parts: ['containerd', 'runc'] },
  stepSeconds: 30,

  async run(t) {
    const at = await workplace(t);

    await t.step('start containerd', () =>
      told(t.guest.$`cd ${at}; . ./machine.sh
        systemctl start containerd 2>start.log || {
          journalctl --no-pager --boot --unit containerd --lines 5 --output cat >journal.log || true
          fail "containerd does not start: $(head -n 1 start.log)" "$(last journal.log)"
        }
        settled() { case $(systemctl is-active containerd) in *ing) false ;; esac; }
        wait_for 'containerd to be active' 'systemctl is-active containerd' settled
        systemctl --quiet is-active containerd || fail "containerd is $(systemctl is-active containerd)"
        echo 'waiting for containerd to answer' >&2
        ctr version >version.log 2>&1 || fail "containerd runs and does not answer" "$(last version.log)"`),
    );
    const table = await t.step('ask for its plugins', () => told(t.guest.$`ctr plugins ls`));
    const facts = await t.step('identify containerd and runc', () =>
      told(t.guest.$`cd ${at}; . ./machine.sh
        identify containerd "/proc/$(systemctl show containerd --property MainPID --value)/exe"
        echo "containerd.version=$(${t.part('containerd').path} --version)"
        identify runc ${t.part('runc').path}
        echo "runc.version=$(${t.part('runc').path} --version | head -n 1)"`),
    );

    await record(t, pairsIn(facts));
    const version = /(\d+)\.(\d+)/.exec(pairsIn(facts)['containerd.version']?.replace(/^\S+ \S+ /, '') ?? '');
    if (Number(version?.[1]) * 100 + Number(version?.[2]) < 107) {
      await t.fact(
        'note.containerd',
        `containerd ${version?.[0]} is older than 1.7, the oldest that Kata names`,
      );
    }

    const plugins = pluginsIn(table);
    for (const { type, id } of wanted) {
      const status = plugins.find((plugin) => plugin.type === type && plugin.id === id)?.status;
      assert.ok(status === 'ok', `containerd's plugin ${id} is ${status ?? 'not there'}`);
    }
  },
} satisfies Scenario;
