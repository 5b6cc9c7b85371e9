import type { Scenario } from '../../src/scenario.ts';
import { engineNet } from '../parts/engine-net.ts';
import { record } from '../parts/facts.ts';
import { between, image, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { handlerOf } from '../parts/pods.ts';
import { told } from '../parts/told.ts';

/** nerdctl can't name a shim's configuration: it is where each of Kata's two runtimes looks first. */
const configured = {
  rust: '/etc/kata-containers/runtime-rs/configuration.toml',
  go: '/etc/kata-containers/configuration.toml',
};

export default {
  title: "A container of the distro's nerdctl has its network in a VM as without one",
  on: distroStacks,
  needs: { parts: ['nerdctl', 'containerd', 'runc'], devices: ['/dev/kvm'], network: true },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 120,

  async run(t) {
    const { $ } = t.guest;
    const nerdctl = t.part('nerdctl');
    const { at, config, runtime } = await kataStack(t, ['engines']);
    const { type } = handlerOf(t.cell.stack, config);
    const link = configured[runtime];

    await between(t, at, async () => {
      const used = await t.step("install the distro's nerdctl", () =>
        told($`cd ${at}; . ./machine.sh; . ./engines.sh
          mkdir -p "$(dirname ${link})"
          ln -s ${config} ${link}
          newest ${nerdctl.package} >/dev/null
          install_packages ${nerdctl.package} containernetworking-plugins
          identify nerdctl ${nerdctl.path}
          echo "nerdctl.version=$(nerdctl --version)"`),
      );
      await record(t, pairsIn(used));

      const run = ['nerdctl', '--namespace', 'kata', 'run', '--rm', '--pull', 'never', '--network', 'bridge'];
      await engineNet(t, {
        at,
        engine: 'nerdctl',
        commands: {
          runc: [...run, '--runtime', 'io.containerd.runc.v2', image],
          kata: [...run, '--runtime', type, image],
        },
      });
    });
  },
} satisfies Scenario;
