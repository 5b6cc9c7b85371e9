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
  /** Of each of these stacks, where Kata itself was run on it; not run, these take nothing away. */
  readonly kata: KataPolicy;
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

/** Scenarios that run containers of Kata's, by what they count for. */
export interface KataPolicy {
  readonly required: readonly ScenarioId[];
  readonly optional: readonly ScenarioId[];
  /** They say something of the machine, of the farm, or of Kata alone: no word rests on them. */
  readonly aside: readonly ScenarioId[];
  /** What upstream itself knows not to work, with its tracker: never counts. */
  readonly gaps: readonly {
    readonly stack: StackId;
    readonly scenario: ScenarioId;
    readonly tracker: string;
  }[];
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

const qemu: readonly Place[] = [
  ...host,
  'qemu/vmm.qemu.probe',
  'qemu/vmm.qemu.boot',
  'qemu/vmm.qemu.kata-cmdline',
  ...virtiofs,
];

const qemuExtras: readonly Place[] = [...hostExtras, 'qemu/vmm.qemu.qmp'];

/**
 * Version 2 requires Kata's own command line of a VMM (`vmm.*.kata-cmdline`), and judges the distro's kernel as a guest's
 * (`vmm.guest-kernel-config`). Containers of Kata's count where they were run.
 */
export const policy: Policy = {
  version: 2,
  stacks: [
    { stack: 'qemu', required: qemu, optional: qemuExtras },
    {
      stack: 'qemu+distro-kernel',
      required: [...qemu, 'qemu+distro-kernel/vmm.guest-kernel-config'],
      optional: qemuExtras,
    },
    {
      stack: 'clh',
      required: [...host, 'clh/vmm.clh.probe', 'clh/vmm.clh.boot', 'clh/vmm.clh.kata-cmdline', ...virtiofs],
      optional: hostExtras,
    },
    {
      stack: 'firecracker',
      required: [...host, 'firecracker/vmm.firecracker.probe', 'firecracker/vmm.firecracker.boot'],
      optional: hostExtras,
    },
  ],
  kata: {
    required: [
      'kata.uname',
      'kata.vmm-identity',
      'kata.lifecycle',
      'kata.net',
      'kata.crictl.pod',
      'kata.resources',
      'kata.leftovers',
      // Skipped where the distro doesn't enforce SELinux.
      'mapping.selinux',
    ],
    optional: [
      ...(['kata.block-aio', 'kata.parallel', 'kata.kill-vmm', 'kata.log-clean', 'kata.upgrade'] as const),
      ...(['kata.uname-bare', 'kata.uname-cold'] as const),
      ...(['kata.nerdctl.net', 'kata.docker.net', 'kata.crio.pod'] as const),
      ...([
        'mapping.uidgid',
        'mapping.filenames',
        'mapping.mounts',
        'mapping.devices',
        'mapping.vf',
      ] as const),
    ],
    aside: ['kata.check', 'kata.guest-boot', 'kata.negative-path', 'kata.negative-vmm'],
    gaps: [
      { stack: 'qemu', scenario: 'kata.kill-vmm', tracker: 'kata-containers#9375' },
      { stack: 'qemu+distro-kernel', scenario: 'kata.kill-vmm', tracker: 'kata-containers#9375' },
    ],
  },
  confirmations: 2,
  anchorDays: 30,
  basisDays: 30,
  freshness: { stable: { fresh: 7, ageing: 21 }, rolling: { fresh: 2, ageing: 7 } },
  notPackaged: 'not packaged by this distro',
};

export function cellAt(release: DistroId, place: Place): CellId {
  return `${release}/${place}`;
}
