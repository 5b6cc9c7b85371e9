import { isPackaged } from '../domain/claim.ts';
import { type Distro, endOfLife } from '../domain/distro.ts';
import { trustText } from '../domain/distro-trust.ts';
import type { Part } from '../domain/stack.ts';
import { loadDistros } from '../load/load-distros.ts';
import { selectDistros } from '../load/select.ts';
import type { Context } from './context.ts';
import { distroText } from './distro-text.ts';
import { distroFolders, type OwnFolders } from './folders.ts';
import type { Listing } from './listing.ts';

/**
 * Every release (ours, and those of a folder of one's own): its life cycle, which VMMs it packages, and how far its file is trusted.
 * With a release's id: all that its file says, with the source and trust of every claim.
 */
export async function listDistros(
  own: Omit<OwnFolders, 'scenarios'>,
  context: Pick<Context, 'root' | 'cwd' | 'now'>,
  id?: string,
): Promise<Listing> {
  const all = await loadDistros(distroFolders(context, own));
  const today = context.now().toISOString().slice(0, 10);
  const distros = id === undefined ? all : selectDistros(all, [id]);
  const rows = distros.filter((distro) => isFirst(distro)).map((distro) => rowOf(distro, today));

  return {
    value: distros.map((distro) => ({
      ...distro,
      vmms: vmmsOf(distro),
      state: stateOf(distro, today),
      trusted: trustText(distro),
    })),
    head: [
      'release',
      'title',
      'architectures',
      'manager',
      'life cycle',
      'VMMs it packages',
      'trust in its parts',
    ],
    rows,
    ...(id !== undefined && {
      text: distros.map((distro) => distroText(distro, stateOf(distro, today))).join('\n'),
    }),
  };
}

/** A file's first architecture stands for all of them in the table; `--json` has each. */
function isFirst({ arch, architectures }: Distro): boolean {
  return arch === (architectures.includes('amd64') ? 'amd64' : architectures[0]);
}

function rowOf(distro: Distro, today: string): readonly string[] {
  const { id, title, architectures, packageManager } = distro;
  return [
    id,
    title,
    architectures.join(' '),
    packageManager,
    stateOf(distro, today),
    vmmsOf(distro).join(', '),
    trustText(distro),
  ];
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
