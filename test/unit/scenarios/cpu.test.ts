import { expect, test } from 'vitest';
import cpu from '../../../scenarios/host/cpu.ts';
import { FarmError } from '../../../scenarios/parts/farm-error.ts';
import type { ScenarioContext } from '../../../src/scenario.ts';
import { distroLike } from '../../support/domain.ts';

const shown = 'cpu.model=AMD EPYC 7763\nflags=lm svm sse4_1 vmx\nmachine.virtualisation=qemu\n';
const asked = '1.ecx=0\n1.edx=0\n2147483649.ecx=4\n2147483649.edx=0\n';

/** A machine that says these things, one command after the other. */
const machineSaying = (...said: string[]) => machineOf('amd64', said);

function machineOf(arch: 'amd64' | 'arm64', said: readonly string[]): ScenarioContext {
  const answers = [...said];
  const $ = async () => ({ stdout: answers.shift() ?? '', stderr: '', exitCode: 0 });
  const context: Pick<ScenarioContext, 'step' | 'fact'> = {
    step: async (_, body) => body(),
    fact: async () => {},
  };
  return { ...context, guest: { $ }, distro: distroLike({ arch }) } as unknown as ScenarioContext;
}

test('a kernel that shows what the CPU has passes', async () => {
  await expect(cpu.run(machineSaying(shown, asked))).resolves.toBeUndefined();
});

test('a kernel that hides what the CPU has fails', async () => {
  const hiding = shown.replace(' svm', '');

  await expect(cpu.run(machineSaying(hiding, asked))).rejects.toThrow('does not show: svm');
});

test.each(['', '1.ecx=0\n1.edx=0\n'])(
  "where the CPU can't be asked (it said %j), that is the farm's trouble",
  async (half) => {
    await expect(cpu.run(machineSaying(shown, half))).rejects.toBeInstanceOf(FarmError);
  },
);

test("a kernel of arm64 passes where it was started at EL2, and else that is the farm's trouble", async () => {
  const saying = (level: string) =>
    cpu.run(machineOf('arm64', [`cpu.model=0x00 0x051\ncpu.virtualisation=${level}\n`]));

  await expect(saying('el2')).resolves.toBeUndefined();
  await expect(saying('none')).rejects.toBeInstanceOf(FarmError);
});
