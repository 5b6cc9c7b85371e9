import type { CellId } from './cell.ts';
import type { DistroId } from './distro.ts';
import { kataPolicy, stackPolicies } from './policy-cells.ts';
import type { ScenarioId } from './scenario.ts';
import type { StackId } from './stack.ts';

/** A cell's place below any release: `qemu/vmm.qemu.boot`. */
export type Place = `${StackId}/${ScenarioId}`;

/** What a published word takes. Data: a change here is a new version, and every word names the version it was made by. */
export interface Policy {
  readonly version: number;
  /** Whether Kata's own people have made it theirs: until then `supported` is printed as `works`. */
  readonly adopted: boolean;
  /** The stacks that get a word, in the order in which reports show them. */
  readonly stacks: readonly StackPolicy[];
  /** Of each of these stacks, where Kata itself was run on it; not run, these take nothing away. */
  readonly kata: KataPolicy;
  /** Fresh clones on which a required cell has to fail before the stack is called broken. */
  readonly confirmations: number;
  /** How far apart, in days, a failure and the green that shows the host's innocence may lie. */
  readonly anchorDays: number;
  /** What it takes beyond green cells until a stack is `supported`. */
  readonly supported: SupportedPolicy;
  /** Nights in a row in which a control failed, after which the stack is broken. */
  readonly blockedNights: number;
  /** How long, in days, a known issue's confirmation holds, and after how many greens in a row it is closed. */
  readonly known: { readonly days: number; readonly greens: number };
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

export interface SupportedPolicy {
  /** All of them green in so many nights in a row, each on a template of its own. */
  readonly nights: number;
  /** The part of a cell's last nights that may be flaky. */
  readonly flakes: number;
  /** Green after a boot, once for all stacks of a release: the fact `cold.STACK` tells of each. */
  readonly cold: Place;
}

/** Scenarios that run containers of Kata's, by what they count for. */
export interface KataPolicy {
  readonly required: readonly ScenarioId[];
  /** Of the required ones, those that a release may not be asked for at all. */
  readonly spared: readonly ScenarioId[];
  readonly optional: readonly ScenarioId[];
  /** They say something of the machine, of the farm, or of Kata alone: no word rests on them. */
  readonly aside: readonly ScenarioId[];
  /** What upstream itself knows not to work, with its tracker: never counts. */
  readonly gaps: readonly {
    readonly stack: StackId;
    readonly scenario: ScenarioId;
    readonly tracker: string;
  }[];
  /** How far apart, in days, a failure and its anchor may lie: that night. */
  readonly anchorDays: number;
}

/**
 * Version 3 says when a stack is supported, counts nights and flakes, knows known issues, and calls a word outdated; the
 * distro's kernel has a word with cloud-hypervisor as well. Version 2 requires Kata's own command line of a VMM (`vmm.*.kata-cmdline`), and judges the distro's kernel as a guest's
 * (`vmm.guest-kernel-config`). Containers of Kata's count where they were run.
 */
export const policy: Policy = {
  version: 3,
  adopted: false,
  stacks: stackPolicies,
  kata: kataPolicy,
  confirmations: 2,
  anchorDays: 30,
  supported: { nights: 2, flakes: 0.05, cold: 'qemu/kata.uname-cold' },
  blockedNights: 3,
  known: { days: 90, greens: 3 },
  basisDays: 30,
  freshness: { stable: { fresh: 7, ageing: 21 }, rolling: { fresh: 2, ageing: 7 } },
  notPackaged: 'not packaged by this distro',
};

export function cellAt(release: DistroId, place: Place): CellId {
  return `${release}/${place}`;
}
