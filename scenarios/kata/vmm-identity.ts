import assert from 'node:assert/strict';
import type { StackPart } from '../../src/domain/installed-kata.ts';
import type { Part } from '../../src/domain/stack.ts';
import type { Scenario, ScenarioContext } from '../../src/scenario.ts';
import { classed } from '../parts/classed.ts';
import { record } from '../parts/facts.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

const vmmParts = { qemu: 'qemu', clh: 'cloud-hypervisor', firecracker: 'firecracker' } as const;

export default {
  title: "What runs while a container of Kata does is the stack's own VMM, virtiofsd and guest kernel",
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 60,

  async run(t) {
    const { at, hypervisor, vmm, virtiofsd, kernel } = await kataStack(t);
    if (!vmm || hypervisor === 'dragonball') {
      return t.skip('the VMM of this stack is in its shim');
    }

    const said = await between(t, at, () =>
      t.step('look at what runs while a container does', () =>
        told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh
          # words FILE: a command line as one that a shell would understand.
          words() { tr '\\0' '\\n' <"$1" | sed "s/.*[ \\"].*/'&'/; s/^$/''/" | tr '\\n' ' '; }

          start_sleeper kata sandbox
          vmm=$(vmm_of sandbox | sort -n | head -n 1)
          [ -n "$vmm" ] || fail_as wrong-vmm 'a container runs, and no VMM of its sandbox is found'
          identify vmm "/proc/$vmm/exe"
          echo "vmm.cmdline=$(words "/proc/$vmm/cmdline")"
          echo "vmm.version=$("$(readlink -f "/proc/$vmm/exe")" --version 2>&1 | head -n 1)"
          echo "vmm.expected=$(readlink -f ${vmm.path})"

          if [ -n ${virtiofsd?.path ?? ''} ]; then
            virtiofsd=$(virtiofsd_of sandbox | sort -n | head -n 1)
            [ -n "$virtiofsd" ] || fail_as wrong-virtiofsd 'a container runs, and no virtiofsd of its sandbox is found'
            identify virtiofsd "/proc/$virtiofsd/exe"
            echo "virtiofsd.cmdline=$(words "/proc/$virtiofsd/cmdline")"
            echo "virtiofsd.version=$("$(readlink -f "/proc/$virtiofsd/exe")" --version 2>&1 | head -n 1)"
            echo "virtiofsd.expected=$(readlink -f ${virtiofsd?.path ?? ''})"
          fi

          echo "kernel.path=$(readlink -f ${kernel.path})"
          echo "kernel.sha256=$(busybox sha256sum ${kernel.path} | cut -d ' ' -f 1)"
          echo "guest.kernel=$(inside sandbox uname -r)"
          echo "guest.cmdline=$(inside sandbox cat /proc/cmdline)"
          echo "machine=$(uname -r)"`),
      ),
    );

    const {
      'vmm.expected': expectedVmm,
      'virtiofsd.expected': expectedDaemon,
      machine,
      ...facts
    } = pairsIn(said);
    await record(t, { ...facts, 'kernel.whose': kernel.whose });

    assertIs(t, 'vmm', facts, { ...vmm, path: expectedVmm ?? vmm.path }, vmmParts[hypervisor]);
    if (virtiofsd) {
      assertIs(t, 'virtiofsd', facts, { ...virtiofsd, path: expectedDaemon ?? virtiofsd.path }, 'virtiofsd');
    }
    if (kernel.whose === 'distro' && facts['guest.kernel'] !== machine) {
      const message = `the guest runs kernel ${facts['guest.kernel']}, and not the distro's ${machine}`;
      throw classed('wrong-kernel', message);
    }
  },
} satisfies Scenario;

/** That a program which ran is the one that was meant, and is of the distro's package where it has to be. */
function assertIs(
  t: ScenarioContext,
  what: 'vmm' | 'virtiofsd',
  facts: Readonly<Record<string, string>>,
  { path, whose }: StackPart,
  part: Part,
): void {
  const ran = facts[`${what}.path`];
  assert.ok(ran, `nothing is known of the ${what} that ran`);
  if (ran !== path) {
    throw classed(`wrong-${what}`, `the ${what} that ran is ${ran}, and not the ${path} that was configured`);
  }
  if (whose !== 'distro') {
    return;
  }

  const [owner] = (facts[`${what}.package`] ?? '').split(' ');
  const { package: claimed } = t.part(part);
  if (owner !== claimed) {
    throw classed(`wrong-${what}`, `${ran} is of package ${owner}, and not of the distro's ${claimed}`);
  }
}
