import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { bootTimeIn } from '../parts/boot-time.ts';
import { record } from '../parts/facts.ts';
import { FarmError } from '../parts/farm-error.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

export default {
  title: 'The release boots to a running system on its own packaged kernel',
  on: ['host'],
  needs: { parts: ['kernel'] },
  machine: 'cold',
  stepSeconds: 60,

  async run(t) {
    const { $ } = t.guest;
    const at = await workplace(t);

    const state = await t.step('wait until systemd has started everything', () =>
      told($`cd ${at}; . ./machine.sh
        systemctl is-system-running --wait >state &
        wait_for 'systemd to start everything' 'systemctl list-jobs --no-legend' gone $!
        cat state`),
    );
    if (state !== 'running') {
      await t.step('see what keeps it from running', () => complain(t, state));
    }

    const kernel = await t.step('find the package of the running kernel', () => packagedKernel(t, at));
    await record(t, kernel);
    assert.ok(
      kernel['kernel.package'] !== 'none',
      `no package owns the kernel that is running: ${kernel['kernel.path']}`,
    );
    assertBuiltFrom(kernel, t.distro.family);

    const analysis = await t.step('ask how long the boot took', () => $`systemd-analyze`.nothrow().text());
    for (const [phase, seconds] of Object.entries(bootTimeIn(analysis))) {
      await t.fact(`boot.${phase}.seconds`, seconds);
    }
  },
} satisfies Scenario;

type Context = Parameters<Scenario['run']>[0];

async function complain({ guest: { $ } }: Context, state: string): Promise<never> {
  const failed = (
    await $`systemctl list-units --failed --plain --no-legend --full | awk '{ print $1 }'`.text()
  )
    .split('\n')
    .filter((unit) => unit !== '');
  if (failed.length === 0) {
    const jobs = await $`systemctl list-jobs --no-legend --full`.text();
    throw new assert.AssertionError({ message: `the system is ${state}; waiting for:\n${jobs}` });
  }

  const journal =
    await $`journalctl --no-pager --boot --lines 8 --output cat ${failed.map((unit) => `--unit=${unit}`)}`
      .nothrow()
      .text();
  const message = `the system is ${state}, as these units failed: ${failed.join(', ')}\n${journal}`;
  const ours = failed.every((unit) => unit.startsWith('katafarm'));
  throw ours ? new FarmError(message) : new assert.AssertionError({ message });
}

/** Newer releases ship the kernel beside its modules, and what is in /boot is made from that. */
async function packagedKernel(t: Context, at: string): Promise<Readonly<Record<string, string>>> {
  return pairsIn(
    await told(t.guest.$`cd ${at}; . ./machine.sh
      echo "kernel=$(uname -r)"
      echo "kernel.build=$(uname -v)"
      booted=${t.part('kernel').path}$(uname -r)
      shipped=/usr/lib/modules/$(uname -r)/vmlinuz
      [ -e "$shipped" ] || shipped=$booted
      cmp "$booted" "$shipped" >&2 || fail "$booted is not what its package ships as $shipped"
      identify kernel "$shipped"`),
  );
}

/** Debian writes the package's version into the kernel: a file of the right name proves nothing of what is running. */
function assertBuiltFrom(kernel: Readonly<Record<string, string>>, family: string): void {
  if (family !== 'debian') {
    return;
  }
  const [, version = ''] = (kernel['kernel.package'] ?? '').split(' ');

  assert.ok(
    kernel['kernel.build']?.includes(` ${version} `),
    `the kernel that is running says "${kernel['kernel.build']}", and not the version of its package, ${version}`,
  );
}
