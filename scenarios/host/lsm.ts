import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

export default {
  title: "The security module is in the distro's default state",
  on: ['host'],
  needs: { kernel: true },
  stepSeconds: 10,

  async run(t) {
    const said = await t.step('ask the kernel and its userspace', () =>
      told(t.guest.$`
        echo "lsm.active=$(cat /sys/kernel/security/lsm)"
        echo "apparmor.enabled=$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null || echo N)"
        echo "apparmor.parser=$(command -v apparmor_parser || echo none)"
        echo "apparmor.unit=$(systemctl is-active apparmor || true)"
        echo "apparmor.profiles=$(wc -l </sys/kernel/security/apparmor/profiles 2>/dev/null || echo 0)"
        echo "apparmor.enforcing=$(grep -c '(enforce)$' /sys/kernel/security/apparmor/profiles 2>/dev/null || true)"
        echo "selinux.mode=$(getenforce 2>/dev/null || echo none)"`),
    );

    const state = pairsIn(said);
    for (const [key, value] of Object.entries(state)) {
      await t.fact(key, value || 0);
    }
    stateChecks[t.distro.lsm](state);
  },
} satisfies Scenario;

type State = Readonly<Record<string, string>>;

const stateChecks: Readonly<Record<'apparmor' | 'selinux' | 'none', (state: State) => void>> = {
  apparmor(state) {
    assert.ok(
      state['apparmor.enabled'] === 'Y',
      "AppArmor is the distro's default, and is off in the kernel",
    );
    assert.ok(
      state['apparmor.parser'] !== 'none',
      "AppArmor is the distro's default, and its userspace (apparmor_parser) is missing",
    );
    assert.ok(state['apparmor.unit'] === 'active', `AppArmor's unit is ${state['apparmor.unit']}`);
    assert.ok(state['apparmor.profiles'] !== '0', 'AppArmor has no profile loaded');
  },
  selinux(state) {
    assert.ok(
      state['selinux.mode'] === 'Enforcing',
      `SELinux enforces by default, and is ${state['selinux.mode']} here`,
    );
  },
  none(state) {
    assert.ok(
      !/\b(apparmor|selinux)\b/.test(state['lsm.active'] ?? ''),
      `the distro has no security module by default, and here is ${state['lsm.active']}`,
    );
  },
};
