import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { pairsIn } from '../parts/pairs.ts';
import { replyTo } from '../parts/qmp.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

export default {
  title: "The distro's QEMU answers over QMP, and has KVM",
  on: ['qemu'],
  needs: { parts: ['qemu'], devices: ['/dev/kvm'] },
  restsOn: ['host.kvm'],
  stepSeconds: 20,

  async run(t) {
    const at = await workplace(t, ['nested'], ['busybox', 'socat']);

    const said = await t.step('talk to QEMU over a socket', () =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./nested.sh
        start_vmm ${t.part('qemu').path} -nodefaults -no-user-config -display none -S -machine none,accel=kvm \
          -qmp unix:qmp,server=on,wait=off
        ask_qmp query-version query-kvm qom-list-types
        identify qemu "/proc/$vmm/exe"`),
    );
    await record(t, pairsIn(said));

    const version = replyTo('query-version', said)?.['qemu'] as Version | undefined;
    assert.ok(version, 'QEMU did not say its version over QMP');
    await t.fact('qemu.version', `${version.major}.${version.minor}.${version.micro}`);

    const kvm = replyTo('query-kvm', said);
    assert.ok(
      kvm?.['enabled'] === true && kvm['present'] === true,
      `QEMU does not have KVM: ${JSON.stringify(kvm)}`,
    );
    const types = replyTo('qom-list-types', said) as unknown as readonly unknown[] | undefined;
    assert.ok((types?.length ?? 0) > 100, `QEMU lists only ${types?.length ?? 0} types`);
    await t.fact('qemu.types', types?.length ?? 0);
  },
} satisfies Scenario;

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly micro: number;
}
