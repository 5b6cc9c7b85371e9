import type { Scenario } from '../../src/scenario.ts';
import { kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { compare, type How } from '../parts/mapping.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

/**
 * This never ran beyond its look at the machine: no machine that the farm had offers a VF. What follows is written from
 * runtime-rs' network/endpoint/physical_endpoint.rs, which passes a VF through that it finds in the sandbox's namespace.
 */
export default {
  title: 'A virtual function of a network card is in the container with its own address',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 90,

  async run(t) {
    const { at, config, hypervisor } = await kataStack(
      t,
      ['mapping', 'mapping-inside', 'mapping-inside-mounts', 'mapping-vf'],
      ['busybox', 'ctr', 'ip'],
    );
    const seen = pairsIn(
      await t.step('look for virtual functions and an IOMMU', () =>
        told(t.guest.$`cd ${at}; . ./machine.sh; . ./mapping-vf.sh; look_for_vf`),
      ),
    );
    const { devices, vfs, able, groups } = seen;
    await t.fact(
      'vf.devices',
      `${devices} PCI devices, ${vfs} VFs, ${able} that could have some, ${groups} IOMMU groups`,
    );
    if ((vfs === '0' && able === '0') || groups === '0') {
      return t.skip(
        `this machine has no SR-IOV network card that could be passed on: of its ${devices} PCI devices ${vfs} are virtual functions and ${able} could have some; it has ${groups} IOMMU groups`,
      );
    }

    await t.step('give Kata a port for it, and mode guest-kernel', () =>
      told(t.guest.$`cat >"$(dirname ${config})/config.d/90-mapping-vf.toml" <<END
[hypervisor.${hypervisor}]
cold_plug_vfio = "root-port"
pcie_root_port = 1
[runtime]
vfio_mode = "guest-kernel"
END`),
    );

    const script = (how: How) =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./mapping.sh; . ./mapping-vf.sh
        how=${how}
        take_vf
        start_sleeper "$how" "vf-$how" --with-ns "network:/run/netns/mapping-vf" --env "PCIDEVICE_KATAFARM_ORG_VF=$vf"
        probed "vf-$how" virtual_function | sed "s/$vf_mac/MAC/g"
        echo "mapped.vf=$vf in the machine"

        ctr -n kata tasks kill -s KILL "vf-$how" >/dev/null
        wait_for "the container's end" 'ctr -n kata tasks ls' ended "vf-$how"
        ctr -n kata tasks delete "vf-$how" >/dev/null 2>&1 || true
        ip netns delete mapping-vf`);

    await compare(t, at, { script, asked: { 'vf.mac': 'MAC', 'vf.names': 'eth0 lo' } });
  },
} satisfies Scenario;
