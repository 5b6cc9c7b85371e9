import { join, resolve } from 'node:path';
import { type Distro, endOfLife, isPackaged } from '../domain/distro.ts';
import type { Part } from '../domain/stack.ts';
import { loadDistros } from '../load/load-distros.ts';
import type { Context } from './context.ts';
import type { Listing } from './listing.ts';

/** Every release of a folder (by default ours): its life cycle, and which VMMs it packages. */
export async function listDistros(
  own: string | undefined,
  { root, cwd, now }: Pick<Context, 'root' | 'cwd' | 'now'>,
): Promise<Listing> {
  const distros = await loadDistros(own ? resolve(cwd, own) : join(root, 'distros'));
  const today = now().toISOString().slice(0, 10);

  return {
    value: distros.map((distro) => ({ ...distro, vmms: vmmsOf(distro), state: stateOf(distro, today) })),
    head: ['release', 'title', 'life cycle', 'VMMs it packages'],
    rows: distros.map((distro) => [
      distro.id,
      distro.title,
      stateOf(distro, today),
      vmmsOf(distro).join(', '),
    ]),
  };
}

/** What is left of a release's life, in words. */
function stateOf(distro: Distro, today: string): string {
  const { rolling, eol } = distro.lifecycle;
  const end = endOfLife(distro);

  if (rolling || !end) {
    return rolling ? 'rolling' : 'open end';
  }
  if (end < today) {
    return `eol since ${end}`;
  }
  return eol && eol < today ? `LTS until ${end}` : `until ${eol ?? end}`;
}

const vmms = ['qemu', 'cloud-hypervisor', 'firecracker'] as const satisfies readonly Part[];

function vmmsOf({ parts }: Distro): readonly Part[] {
  return vmms.filter((part) => isPackaged(parts[part]));
}
