import type { Donor } from '../diagnose/case.ts';
import type { Cell } from '../domain/cell.ts';
import { isPackaged } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import type { InstalledStack } from '../domain/installed-kata.ts';
import type { KataPiece } from '../domain/kata.ts';
import { needsKata } from '../domain/scenario.ts';
import { type Part, stackOf } from '../domain/stack.ts';
import type { KataInstaller } from '../install/install-kata.ts';
import type { Guest } from '../machine/guest.ts';
import type { BootRequest, Machine } from '../machine/machine.ts';
import type { LoadedScenario } from '../scenario.ts';
import { distroTarget, kataTarget, lsmOff, putOver, type Target } from './swap.ts';

/** A part at hand, and the way to put it in place. */
export interface Swap extends Donor {
  /** Changes a machine so; rejects unless the machine shows that it is changed. */
  readonly apply: (guest: Guest) => Promise<void>;
  /** Where another machine is needed than the cell's own. */
  readonly start?: (request: BootRequest) => Promise<Machine>;
}

/** What there is to find donors by. */
export interface DonorSite {
  readonly cell: Cell;
  readonly distro: Distro;
  readonly scenario: LoadedScenario;
  readonly katas: ReadonlyMap<string, KataInstaller>;
  /** Makes machines that have the Kata of a label, like the cell's own in all else; undefined: there are none. */
  readonly startOf: (label: string) => Swap['start'] | undefined;
}

/** VMMs, by what a release calls them. */
const vmms = [
  { part: 'qemu', piece: 'qemu', hypervisor: 'qemu' },
  { part: 'cloud-hypervisor', piece: 'cloud-hypervisor', hypervisor: 'clh' },
  { part: 'firecracker', piece: 'firecracker', hypervisor: 'firecracker' },
] as const satisfies readonly {
  part: Part;
  piece: KataPiece;
  hypervisor: InstalledStack['hypervisor'];
}[];

/**
 * What can be swapped for a cell in this run, one part at a time: what is the distro's for what Kata brings, its Kata for
 * another of the run, the security module's mode.
 */
export function swapsOf(site: DonorSite): readonly Swap[] {
  return [...piecesOf(site), ...othersOf(site), ...lsmOf(site)];
}

function piecesOf({ cell, distro, scenario, katas }: DonorSite): readonly Swap[] {
  const isKata = needsKata({ id: cell.scenario });
  const installer = katas.get(cell.kata ?? '');
  const { had } = installer ?? {};
  if (!installer || !had) {
    return [];
  }
  const own = isKata ? stackOf(cell.stack).parts : (scenario.needs.parts ?? []);
  const { version } = installer.build;
  const swap = (part: Donor['part'], piece: KataPiece, name: string, target: Target): Swap[] => {
    const path = had.layout.pieces[piece];
    const by = `the ${name} of Kata ${version}`;
    return path === undefined
      ? []
      : [{ part, by, apply: (guest) => putOver(guest, { tree: had.tree, path, piece, target }) }];
  };
  const targetOf = (part: Part, key: 'vmm' | 'virtiofsd' | 'kernel') => {
    const claim = distro.parts[part];
    return isKata ? kataTarget(cell.stack, key) : isPackaged(claim) ? distroTarget(claim.path) : undefined;
  };

  const vmm = vmms.find(({ part }) => own.includes(part));
  const vmmTarget = vmm && targetOf(vmm.part, 'vmm');
  const fsTarget = own.includes('virtiofsd') ? targetOf('virtiofsd', 'virtiofsd') : undefined;
  return [
    ...(vmmTarget ? swap('vmm', vmm.piece, vmm.part, vmmTarget) : []),
    ...(fsTarget ? swap('virtiofsd', 'virtiofsd', 'virtiofsd', fsTarget) : []),
    ...(isKata && own.includes('kernel')
      ? swap('guest-kernel', 'kernel', 'guest kernel', kataTarget(cell.stack, 'kernel'))
      : []),
  ];
}

/** Another Kata of the same run, as a whole, and its guest alone. */
function othersOf({ cell, katas, startOf }: DonorSite): readonly Swap[] {
  if (!needsKata({ id: cell.scenario })) {
    return [];
  }
  return [...katas].flatMap(([label, { build, had }]): Swap[] => {
    const start = label === (cell.kata ?? '') ? undefined : startOf(label);
    if (!start) {
      return [];
    }
    const image = cell.stack.endsWith('+distro-kernel') ? undefined : had?.layout.pieces.image;
    const name = `Kata ${build.version}${label === '' ? '' : ` (${label})`}`;
    return [
      { part: 'kata', by: name, apply: async () => {}, start },
      ...(had && image !== undefined
        ? [
            {
              part: 'guest-image' as const,
              by: `the guest image of ${name}`,
              apply: (guest: Guest) =>
                putOver(guest, {
                  ...{ tree: had.tree, path: image, piece: 'image' as const },
                  target: kataTarget(cell.stack, 'rootfs'),
                }),
            },
          ]
        : []),
    ];
  });
}

function lsmOf({ distro: { lsm } }: DonorSite): readonly Swap[] {
  const words = { apparmor: "AppArmor without a profile's hold", selinux: 'SELinux permissive' };
  return lsm === 'none' ? [] : [{ part: 'lsm', by: words[lsm], apply: (guest) => lsmOff(guest, lsm) }];
}
