import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { guestKernelIn, symbolNames } from '../parts/guest-kernel.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

export default {
  title: "The distro's kernel is built with what a guest of Kata needs",
  on: ['qemu+distro-kernel'],
  needs: { parts: ['kernel'] },
  stepSeconds: 15,

  async run(t) {
    const { $ } = t.guest;
    const at = await workplace(t);

    const found = pairsIn(
      await t.step("find the kernel's configuration", () =>
        told($`cd ${at}; . ./machine.sh
          release=$(uname -r)
          echo "release=$release"
          [ -e /proc/config.gz ] || modprobe configs 2>/dev/null || true
          for config in "/boot/config-$release" "/lib/modules/$release/config" /proc/config.gz; do
            [ -r "$config" ] || continue
            case $config in *.gz) gzip -dc "$config" >config ;; *) cp "$config" config ;; esac
            echo "config=$config"
            echo "package=$(owner "$config")"
            break
          done`),
      ),
    );
    await t.fact('guest-kernel.release', found['release'] ?? 'unknown');
    if (!found['config']) {
      return t.skip(`the kernel's configuration is in none of the places where distros have it`);
    }
    await t.fact('guest-kernel.config', found['config']);
    await t.fact('guest-kernel.package', found['package'] ?? 'none');

    const config = await t.step('read what Kata wants of it', () =>
      told($`cd ${at}
        printf 'CONFIG_%s\n' ${symbolNames} >wanted
        awk 'NR == FNR { wanted[$1]; next }
          { name = $0; sub(/^# /, "", name); sub(/[ =].*/, "", name) }
          name in wanted' wanted config`),
    );

    const { boots, missing, states } = guestKernelIn(config);
    await t.fact('guest-kernel.boots', boots);
    for (const [state, symbols] of Object.entries(states)) {
      await t.fact(`guest-kernel.symbols.${state}`, symbols.join(' ') || 'none');
    }
    assert.ok(
      boots !== 'nothing',
      `the distro's kernel is unusable as a guest's, as these are off: ${missing.join(', ')}`,
    );
  },
} satisfies Scenario;
