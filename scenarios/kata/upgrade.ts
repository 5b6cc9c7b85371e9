import type { Distro } from '../../src/domain/distro.ts';
import type { Scenario } from '../../src/scenario.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

const parts = { qemu: 'qemu', clh: 'cloud-hypervisor', firecracker: 'firecracker' } as const;

/** Brings the package managers' lists up to date, and installs a package anew, in its newest version. */
const managers: Readonly<
  Partial<Record<Distro['packageManager'], { readonly refresh: string; readonly install: string }>>
> = {
  apt: {
    refresh: 'apt-get -q update',
    install: 'DEBIAN_FRONTEND=noninteractive apt-get -q -y --reinstall install',
  },
};

export default {
  title: 'Containers of Kata outlive an upgrade of the VMM, and new ones start after it',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'], network: true },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at, hypervisor } = await kataStack(t, ['sandbox']);
    const { $ } = t.guest;
    if (hypervisor === 'dragonball') {
      return t.skip('the VMM of this stack is in its shim');
    }
    const { package: owner } = t.part(parts[hypervisor]);
    const manager = managers[t.distro.packageManager];
    if (!manager) {
      return t.skip(`how ${t.distro.packageManager} installs a package anew is not written down here`);
    }
    const { refresh, install } = manager;

    await between(t, at, async () => {
      await t.step('start a container', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh
          remember_traces
          start_sleeper kata old
          inside old sh -c 'mkdir -p /root && echo kept >/root/word'`),
      );

      const said = await t.step(
        "install the VMM's package anew",
        () =>
          told($`cd ${at}; . ./machine.sh
            echo "before=$(owner ${t.part(parts[hypervisor]).path})"
            echo 'asking the mirror' >&2
            sh -c ${refresh} >refresh.log 2>&1 || farm_error 'the package lists can not be fetched' "$(last refresh.log)"
            sh -c ${`${install} ${owner}`} >install.log 2>&1 || {
              show 'what the package manager said' install.log
              ! grep -Eq 'Failed to fetch|Could not (connect|resolve)|404 ' install.log ||
                farm_error 'the package can not be fetched' "$(last install.log)"
              fail_as packaging "the VMM's package can't be installed while it runs" "$(last install.log)"; }
            echo "after=$(owner ${t.part(parts[hypervisor]).path})"`),
        240,
      );
      const { before = 'unknown', after = 'unknown' } = pairsIn(said);
      await t.fact('upgrade.before', before);
      await t.fact('upgrade.after', after);

      await t.step('the old container answers, and can be ended', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh
          [ "$(inside old cat /root/word)" = kept ] ||
            fail_as upgrade 'the container that was there before does not answer after an upgrade of its VMM'
          end_sandbox old
          expect_nothing_left`),
      );
      await t.step('a new container runs', () =>
        told($`cd ${at}; . ./machine.sh; . ./kata.sh; run_to_end kata new "$kata_image" new true`),
      );
    });
  },
} satisfies Scenario;
