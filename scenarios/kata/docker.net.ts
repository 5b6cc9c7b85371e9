import type { Scenario } from '../../src/scenario.ts';
import { engineNet } from '../parts/engine-net.ts';
import { record } from '../parts/facts.ts';
import { between, image, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { handlerOf } from '../parts/pods.ts';
import { told } from '../parts/told.ts';

/** Docker's first version that starts runtimes of Kata's kind (Kata's docs/Limitations.md). */
const oldest = 22.06;

export default {
  title: "A container of the distro's Docker has its network in a VM as without one",
  on: distroStacks,
  needs: { parts: ['docker', 'containerd', 'runc'], devices: ['/dev/kvm'], network: true },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 120,

  async run(t) {
    const { $ } = t.guest;
    const docker = t.part('docker');
    const { at, config } = await kataStack(t, ['image', 'engines']);
    const { type } = handlerOf(t.cell.stack, config);
    const runtimes = { kata: { runtimeType: type, options: { ConfigPath: config } } };

    await between(t, at, async () => {
      const version = await t.step('ask for its version', () =>
        told($`cd ${at}; . ./machine.sh; . ./engines.sh; newest ${docker.package}`),
      );
      if (Number.parseFloat(version.replace(/^\d+:/, '')) < oldest) {
        t.skip(`Docker ${version} is older than 22.06, the oldest that starts runtimes of Kata's kind`);
      }
      const used = await t.step("install the distro's Docker", () =>
        told($`cd ${at}; . ./machine.sh; . ./image.sh; . ./engines.sh
          mkdir -p /etc/docker
          printf %s ${JSON.stringify({ runtimes })} >/etc/docker/daemon.json
          install_packages ${docker.package} docker-cli
          echo 'starting Docker' >&2
          systemctl start docker || fail 'Docker does not start' \
            "$(journalctl --no-pager --boot --unit docker --lines 5 --output cat)"
          make_image ${image} docker.tar
          docker load --input docker.tar >load.log 2>&1 || fail 'Docker does not load an image' "$(last load.log)"
          identify docker ${docker.path}
          echo "docker.version=$(dockerd --version)"`),
      );
      await record(t, pairsIn(used));

      const run = ['docker', 'run', '--rm', '--network', 'bridge', '--runtime'];
      await engineNet(t, {
        at,
        engine: 'Docker',
        commands: { runc: [...run, 'runc', image], kata: [...run, 'kata', image] },
      });
    });
  },
} satisfies Scenario;
