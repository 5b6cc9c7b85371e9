import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

/** What a boot by Kata comes down to, as options; Kata itself says it over --api-socket. */
const options = [
  'api-socket',
  'kernel',
  'initramfs',
  'cmdline',
  'memory',
  'cpus',
  'fs',
  'vsock',
  'serial',
  'pmem',
];

export default {
  title: "The distro's cloud-hypervisor has what Kata asks of it",
  on: ['clh'],
  needs: { parts: ['cloud-hypervisor'] },
  stepSeconds: 20,

  async run(t) {
    const at = await workplace(t);
    const { path } = t.part('cloud-hypervisor');

    const facts = await t.step('identify cloud-hypervisor', () =>
      told(t.guest.$`cd ${at}; . ./machine.sh
        identify clh ${path}
        ${path} --version >version.out 2>version.log || fail "cloud-hypervisor does not say its version" "$(last version.log)"
        echo "clh.version=$(head -n 1 version.out)"`),
    );
    await record(t, pairsIn(facts));

    const help = await t.step('ask for its options', () => told(t.guest.$`${path} --help`));
    const missing = options.filter((option) => !new RegExp(`--${option}\\b`).test(help));
    assert.ok(missing.length === 0, `cloud-hypervisor has no option ${missing.join(', ')}`);
  },
} satisfies Scenario;
