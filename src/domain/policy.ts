import type { CellId } from './cell.ts';
import type { DistroId } from './distro.ts';
import type { ScenarioId } from './scenario.ts';
import type { StackId } from './stack.ts';

/** A cell's place below any release: `qemu/vmm.qemu.boot`. */
export type Place = `${StackId}/${ScenarioId}`;

/** What a published word takes. Data: a change here is a new version, and every word names the version it was made by. */
export interface Policy {
  readonly version: number;
  /** The stacks that get a word, in the order in which reports show them. */
  readonly stacks: readonly StackPolicy[];
  /** Fresh clones on which a required cell has to fail before the stack is called broken. */
  readonly confirmations: number;
  /** How far apart, in days, a failure and the green that shows the host's innocence may lie. */
  readonly anchorDays: number;
  /** How long, in days, an observation of a better basis speaks before a newer one of a worse basis. */
  readonly basisDays: number;
  /** Until what age in days an observation is fresh, and from what age it says nothing any more. */
  readonly freshness: Readonly<
    Record<'stable' | 'rolling', { readonly fresh: number; readonly ageing: number }>
  >;
  /** How a skip's reason begins where the distro packages no such part. */
  readonly notPackaged: string;
}

export interface StackPolicy {
  readonly stack: StackId;
  /** All of them green: the stack is `capable`. The first that is not decides the word's reason. */
  readonly required: readonly Place[];
  /** One of these red on as many clones as a required one, and the stack is `degraded`; not run, it takes nothing away. */
  readonly optional: readonly Place[];
}

const host: readonly Place[] = ['host/host.boot', 'host/host.kvm', 'host/host.modules', 'runc/control.runc'];

const hostExtras: readonly Place[] = [
  'host/host.cpu',
  'host/host.devices',
  'host/host.limits',
  'host/host.lsm',
  'host/host.containerd',
];

// virtiofsd is tried beside QEMU alone; what it showed there holds for every VMM that talks to it.
const virtiofs: readonly Place[] = ['qemu/vmm.virtiofsd.start', 'qemu/vmm.virtiofs.mount'];

export const policy: Policy = {
  version: 1,
  stacks: [
    {
      stack: 'qemu',
      required: [...host, 'qemu/vmm.qemu.probe', 'qemu/vmm.qemu.boot', ...virtiofs],
      optional: [...hostExtras, 'qemu/vmm.qemu.qmp'],
    },
    {
      stack: 'clh',
      required: [...host, 'clh/vmm.clh.probe', 'clh/vmm.clh.boot', ...virtiofs],
      optional: hostExtras,
    },
    {
      stack: 'firecracker',
      required: [...host, 'firecracker/vmm.firecracker.probe', 'firecracker/vmm.firecracker.boot'],
      optional: hostExtras,
    },
  ],
  confirmations: 2,
  anchorDays: 30,
  basisDays: 30,
  freshness: { stable: { fresh: 7, ageing: 21 }, rolling: { fresh: 2, ageing: 7 } },
  notPackaged: 'not packaged by this distro',
};

export function cellAt(release: DistroId, place: Place): CellId {
  return `${release}/${place}`;
}
