import type { InstalledStack } from '../../src/domain/installed-kata.ts';
import type { ScenarioId } from '../../src/domain/scenario.ts';
import type { StackId } from '../../src/domain/stack.ts';
import type { Scenario } from '../../src/scenario.ts';
import { distroLike } from './domain.ts';
import { scriptedContext } from './scripted-context.ts';

const share = '/opt/kata/share/kata-containers';
/** The stack of a Debian 13 with Kata 4.1. */
export const qemuStack: InstalledStack = {
  ...{ runtime: 'rust', hypervisor: 'qemu', shim: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2' },
  ...{ config: '/etc/katafarm/qemu/configuration.toml', memoryMiB: 2048, stretched: [], departures: [] },
  vmm: { path: '/usr/bin/qemu-system-x86_64', whose: 'distro' },
  virtiofsd: { path: '/usr/libexec/virtiofsd', whose: 'distro' },
  kernel: { path: `${share}/vmlinuz.container`, whose: 'kata' },
  rootfs: { path: `${share}/kata-containers.img`, whose: 'kata', kind: 'image' },
};

/** How a script ended that called `fail_as`. */
export const failed = (kind: string, message: string) =>
  Object.assign(new Error('the command line'), {
    ...{ stdout: '', exitCode: 1 },
    stderr: `katafarm-class: ${kind}\nkatafarm: ${message}\n`,
  });

export interface Given {
  readonly stack?: StackId;
  readonly change?: Partial<InstalledStack>;
  readonly stacks?: Readonly<Partial<Record<StackId, InstalledStack>>>;
}

/** A scenario on a machine in which scripts print what the first key that they hold stands for, or throw it. */
export function on(
  id: ScenarioId,
  answers: Readonly<Record<string, string | Error>>,
  { stack = 'qemu', change = {}, stacks = {} }: Given = {},
) {
  const kata = {
    ...{ version: '4.1.0', source: 'dir:/kata', digest: 'abc', trust: 'local', replaced: [], absent: {} },
    stacks: { [stack]: { ...qemuStack, ...change }, ...stacks },
  };
  const { t, doings } = scriptedContext(id, stack, (script) => {
    if (script.startsWith('cat /etc/katafarm/kata.json')) {
      return JSON.stringify(kata);
    }
    if (script.includes('control-before') || script.includes('control-after')) {
      return 'kernel=6.12.48\nmachine=6.12.48\n';
    }
    const [, answer = ''] = Object.entries(answers).find(([key]) => script.includes(key)) ?? [];
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  });
  const part = () => ({ package: 'qemu-system-x86', path: qemuStack.vmm?.path });
  return { t: Object.assign(t, { part, distro: distroLike() }), doings };
}

export const run = ({ run: body }: Pick<Scenario, 'run'>, { t }: ReturnType<typeof on>) => body(t);
