import type { Scenario } from '../../../../src/scenario.ts';

/** As Kata's tcfilter model does it: kata-containers 4.1.0, network_model/tc_filter_model.rs. */
export default {
  title: 'Traffic control redirects from one interface to another',
  on: ['host'],
  stepSeconds: 15,

  async run(t) {
    const { $ } = t.guest;
    await t.step('make two interfaces', () => $`ip link add looked0 type veth peer name looked1`);
    await t.step(
      'redirect what comes in by one of them',
      () =>
        $`tc qdisc add dev looked0 ingress
        tc filter add dev looked0 parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev looked1`,
    );
  },
} satisfies Scenario;
