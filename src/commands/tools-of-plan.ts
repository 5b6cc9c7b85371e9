import type { Plan } from '../domain/plan.ts';
import { type Tool, toolsFor } from './tool-table.ts';

const debian = (name: string) => ({ apt: name, dnf: name, pacman: name });

/** What machines of arm64 take beside the rest, on a host of another architecture. */
const forArm64: readonly Tool[] = [
  {
    name: 'qemu-system-aarch64',
    why: 'runs machines of arm64',
    version: ['--version'],
    packages: { apt: 'qemu-system-arm', dnf: 'qemu-system-aarch64-core', pacman: 'qemu-system-aarch64' },
  },
  {
    name: 'qemu-aarch64-static',
    why: "runs arm64's programs while an image is built",
    version: ['--version'],
    packages: { apt: 'qemu-user-static', dnf: 'qemu-user-static-aarch64', pacman: 'qemu-user-static' },
  },
  { name: 'arch-test', why: 'tells mmdebstrap that they run', packages: debian('arch-test') },
];

/** What a machine that exists takes of this host. */
const bySsh: readonly string[] = ['ssh', 'setpriv'];

/** Where all machines exist. */
export function toolsForSsh(): readonly Tool[] {
  return toolsFor().filter(({ name }) => bySsh.includes(name));
}

/** The tools that a plan's machines take of this host. */
export function toolsOfPlan({ batches }: Plan, arch: NodeJS.Architecture = process.arch): readonly Tool[] {
  const here = batches.filter(({ provider }) => provider !== 'ssh');
  const usual = toolsFor();
  if (batches.length > 0 && here.length === 0) {
    return toolsForSsh();
  }
  const isForeign = arch !== 'arm64' && here.some(({ distro }) => distro.endsWith('@arm64'));
  return isForeign ? [...usual, ...forArm64] : usual;
}
