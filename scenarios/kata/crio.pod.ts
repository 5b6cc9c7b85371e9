import { parse } from 'smol-toml';
import type { Scenario } from '../../src/scenario.ts';
import { record } from '../parts/facts.ts';
import { between, image, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { podInVm } from '../parts/pod-in-vm.ts';
import { handlerOf, podInstruments, waitForPods } from '../parts/pods.ts';
import { told } from '../parts/told.ts';

const socket = '/var/run/crio/crio.sock';
const pause = 'localhost/katafarm/pause:1';

/** Of CRI-O's configuration (crio.conf(5)). */
interface Settings {
  readonly crio: {
    readonly runtime: { readonly default_runtime: string };
    readonly network: { readonly network_dir: string; readonly plugin_dirs: readonly string[] };
  };
}

export default {
  title:
    "A pod of two containers lives in one VM, from its start by the distro's CRI-O to nothing left of it",
  on: distroStacks,
  needs: { parts: ['cri-o', 'containerd', 'runc'], devices: ['/dev/kvm'], network: true },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 120,

  async run(t) {
    const { $ } = t.guest;
    const crio = t.part('cri-o');
    const { at, config, shim } = await kataStack(
      t,
      ['image', 'pods', 'cni-plugin', 'engines'],
      podInstruments,
    );
    const { name } = handlerOf(t.cell.stack, config);

    await between(t, at, async () => {
      const used = await t.step("install the distro's CRI-O", () =>
        told($`cd ${at}; . ./machine.sh; . ./engines.sh
          newest ${crio.package} >/dev/null
          install_packages ${crio.package} skopeo
          mkdir -p /etc/crio/crio.conf.d
          cat >/etc/crio/crio.conf.d/99-katafarm.conf <<END
[crio.image]
pause_image = "${pause}"
pause_command = ""
[crio.runtime.runtimes.${name}]
runtime_type = "vm"
runtime_path = "${shim}"
runtime_root = "/run/vc"
runtime_config_path = "${config}"
privileged_without_host_devices = true
END
          identify crio ${crio.path}
          echo "crio.version=$(crio version 2>/dev/null | sed -n 's/^ *Version: *//p')"`),
      );
      await record(t, pairsIn(used));

      const { network, runtime } = (parse(await $`crio config 2>/dev/null`.text()) as unknown as Settings)
        .crio;
      await t.step('bring a network plugin and images, and start CRI-O', () =>
        told($`cd ${at}; . ./machine.sh; . ./image.sh; . ./pods.sh
          bring_network ${network.network_dir} ${network.plugin_dirs}
          make_image ${image} image.tar
          make_image ${pause} pause.tar "$pause_command"
          skopeo copy docker-archive:image.tar containers-storage:${image} >&2
          skopeo copy docker-archive:pause.tar containers-storage:${pause} >&2
          systemctl restart crio || fail 'CRI-O does not start with a runtime in its configuration' \
            "$(journalctl --no-pager --boot --unit crio --lines 5 --output cat)"`),
      );
      const cri = await t.step('ask CRI-O for pods', () => waitForPods(t, socket));
      await podInVm(t, { at, cri, plain: runtime.default_runtime, kata: name });
    });
  },
} satisfies Scenario;
