import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

const options = ['api-sock', 'config-file', 'no-api', 'id', 'no-seccomp'];

export default {
  title: "The distro's Firecracker has what Kata asks of it",
  on: ['firecracker'],
  needs: { parts: ['firecracker'] },
  stepSeconds: 20,

  async run(t) {
    const at = await workplace(t);
    const { path } = t.part('firecracker');

    const facts = await t.step('identify Firecracker', () =>
      told(t.guest.$`cd ${at}; . ./machine.sh
        identify firecracker ${path}
        ${path} --version >version.out 2>version.log || fail "Firecracker does not say its version" "$(last version.log)"
        echo "firecracker.version=$(head -n 1 version.out)"
        echo "firecracker.jailer=$(command -v jailer || echo none)"`),
    );
    await record(t, pairsIn(facts));

    const help = await t.step('ask for its options', () => told(t.guest.$`${path} --help`));
    const missing = options.filter((option) => !new RegExp(`--${option}\\b`).test(help));
    assert.ok(missing.length === 0, `Firecracker has no option ${missing.join(', ')}`);
  },
} satisfies Scenario;
