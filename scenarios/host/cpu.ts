import assert from 'node:assert/strict';
import type { Scenario, ScenarioContext } from '../../src/scenario.ts';
import { FarmError } from '../parts/farm-error.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

/** Leaf and register bit of each flag: Intel SDM 2A, CPUID; AMD APM 3, E.3 and E.4. */
const flags = [
  { flag: 'vmx', leaf: 0x1, register: 'ecx', bit: 5 },
  { flag: 'sse4_1', leaf: 0x1, register: 'ecx', bit: 19 },
  { flag: 'svm', leaf: 0x80000001, register: 'ecx', bit: 2 },
  { flag: 'lm', leaf: 0x80000001, register: 'edx', bit: 29 },
] as const;

export default {
  title: "The distro's kernel shows the CPU's virtualisation",
  on: ['host'],
  needs: { kernel: true },
  stepSeconds: 10,

  async run(t) {
    if (t.distro.arch === 'arm64') {
      return await onArm64(t);
    }
    const shown = await t.step('read the flags that the kernel shows', () =>
      told(t.guest.$`
        awk -F ': ' '/^model name/ { print "cpu.model=" $2; exit }' /proc/cpuinfo
        awk -F ': ' '/^flags/ { print "flags=" $2; exit }' /proc/cpuinfo
        echo "machine.virtualisation=$(systemd-detect-virt || true)"`),
    );
    const has = await t.step('ask the CPU itself', () =>
      told(t.guest.$`modprobe cpuid 2>/dev/null || true
        perl -e 'open my $cpu, "<", "/dev/cpu/0/cpuid" or exit;
          for my $leaf (1, 0x80000001) {
            sysseek $cpu, $leaf, 0; sysread $cpu, my $bytes, 16 or exit;
            my (undef, undef, $ecx, $edx) = unpack "L4", $bytes;
            print "$leaf.ecx=$ecx\n$leaf.edx=$edx\n" }'`),
    );

    const cpuid = pairsIn(has);
    if (flags.some(({ leaf, register }) => cpuid[`${leaf}.${register}`] === undefined)) {
      throw new FarmError('cannot ask the CPU itself: the machine has no /dev/cpu/0/cpuid that can be read');
    }

    const { flags: text = '', ...facts } = pairsIn(shown);
    const visible = new Set(text.split(' '));
    for (const [key, value] of Object.entries(facts)) {
      await t.fact(key, value);
    }
    await t.fact('cpu.virtualisation', flagOf(visible) ?? 'none');
    await t.fact('cpu.sse4_1', visible.has('sse4_1') ? 'yes' : 'no');

    const hidden = flags.filter(
      ({ flag, leaf, register, bit }) =>
        !visible.has(flag) && (Number(cpuid[`${leaf}.${register}`]) >>> bit) % 2 === 1,
    );
    assert.ok(
      hidden.length === 0,
      `the CPU has what the kernel does not show: ${hidden.map(({ flag }) => flag).join(', ')}`,
    );
    if (!flagOf(visible) || !visible.has('lm')) {
      throw new FarmError('cannot test virtualisation: the machine that the farm made has a CPU without it');
    }
  },
} satisfies Scenario;

const flagOf = (visible: ReadonlySet<string>): 'svm' | 'vmx' | undefined =>
  (['svm', 'vmx'] as const).find((flag) => visible.has(flag));

/** A kernel of arm64 shows no flag of its own: it was started at EL2, where its KVM works, or below. */
async function onArm64(t: ScenarioContext): Promise<void> {
  const shown = pairsIn(
    await t.step('read what the kernel shows of the CPU', () =>
      told(t.guest.$`
        awk -F ': *' '/^CPU implementer/ { i = $2 } /^CPU part/ { print "cpu.model=" i " " $2; exit }' /proc/cpuinfo
        echo "machine.virtualisation=$(systemd-detect-virt || true)"
        if dmesg | grep -q 'started at EL2' || [ -e /dev/kvm ]; then echo cpu.virtualisation=el2; else echo cpu.virtualisation=none; fi`),
    ),
  );
  for (const [key, value] of Object.entries(shown)) {
    await t.fact(key, value);
  }
  if (shown['cpu.virtualisation'] !== 'el2') {
    throw new FarmError('cannot test virtualisation: the kernel of the machine was started below EL2');
  }
}
