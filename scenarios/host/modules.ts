import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { FarmError } from '../parts/farm-error.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

/** What Kata's runtime uses of the host's kernel: installation.md and the tcfilter network model. */
const wanted = [
  ...['kvm', 'vhost', 'vhost_net', 'vhost_vsock', 'tun'],
  ...['veth', 'bridge', 'br_netfilter', 'overlay'],
  ...['sch_ingress', 'cls_u32', 'cls_matchall', 'act_mirred'],
];

export default {
  title: "The distro's kernel has, and loads, the modules that Kata uses",
  on: ['host'],
  needs: { devices: ['/dev/kvm'], kernel: true },
  stepSeconds: 30,

  async run(t) {
    const at = await workplace(t);

    const lines = await t.step('load every module', () =>
      told(t.guest.$`cd ${at}; . ./machine.sh
        case ${t.distro.arch}$(grep -m 1 -ow -E 'svm|vmx' /proc/cpuinfo || true) in
          arm64*) vendor= ;;
          *svm) vendor=kvm_amd ;;
          *) vendor=kvm_intel ;;
        esac
        for module in ${wanted} $vendor; do
          file=$(modinfo -n "$module" 2>/dev/null) || {
            ls -R "/lib/modules/$(uname -r)" | tr - _ | grep -q "^$module\.ko" && state=unindexed || state=missing
            echo "$module $state -"; continue
          }
          case $file in
            /*) if modprobe "$module" 2>>modprobe.log; then echo "$module loaded $file"; else echo "$module refused $file"; fi ;;
            *) echo "$module builtin -" ;;
          esac
        done
        show "what modprobe said" modprobe.log`),
    );
    const modules = lines.split('\n').map((line) => {
      const [name = '', state = '', file = ''] = line.split(' ');
      return { name, state, file };
    });
    const files = modules.map(({ file }) => file).filter((file) => file.startsWith('/'));
    const owners = await t.step('find the packages that own them', () =>
      told(t.guest.$`cd ${at}; . ./machine.sh
        for file in ${files}; do echo "$file /usr$file"; done | xargs dpkg -S 2>/dev/null | sed 's/: .*//' | sort -u`),
    );

    await t.fact('modules.packages', owners.split('\n').join(' ') || 'none');
    for (const { name, state } of modules) {
      await t.fact(`module.${name}`, state);
    }
    const unindexed = modules.filter(({ state }) => state === 'unindexed').map(({ name }) => name);
    if (unindexed.length > 0) {
      throw new FarmError(`cannot load what is there and in no index of depmod's: ${unindexed.join(', ')}`);
    }
    assertNone(modules, 'missing', "the distro's kernel has no");
    assertNone(modules, 'refused', "the distro's kernel does not load");
  },
} satisfies Scenario;

function assertNone(modules: readonly { name: string; state: string }[], state: string, what: string): void {
  const names = modules.filter((module) => module.state === state).map(({ name }) => name);
  assert.ok(names.length === 0, `${what} ${names.join(', ')}`);
}
