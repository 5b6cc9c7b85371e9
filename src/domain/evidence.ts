import type { Anchor } from './anchor.ts';
import type { BriefFinding } from './brief.ts';
import type { Cell } from './cell.ts';
import type { DistroFacts, HostFacts } from './entry.ts';
import type { KnownIssue } from './known-issue.ts';
import type { Nights } from './nights.ts';
import type { Outcome, Status } from './outcome.ts';
import type { ReleasePackages } from './packages.ts';
import type { Variant } from './plan.ts';
import type { Facts } from './result.ts';
import type { SpeedClass } from './speed.ts';

/** What an observation rests on: the speed class of its machine, or a container. */
export type Basis = SpeedClass | 'userspace';

/** From worst to best. */
export const bases: readonly Basis[] = ['userspace', 'none', 'tcg+svm', 'kvm', 'kvm-nested'];

/** What runs showed, without their plans and details: what is published, and what publishing adds to. */
export interface Evidence {
  readonly runs: readonly RunNote[];
  readonly observations: readonly Observation[];
  /** Greens that anchor reds, whether their observations still count or not; missing before evidence was merged. */
  readonly anchors?: readonly Anchor[];
  /** How cells came out night after night; missing, as the next, before policy 3. */
  readonly nights?: readonly Nights[];
  /** The latest versions that were seen to be there. */
  readonly latest?: ReleasePackages;
}

/** What a published page says of a run. */
export interface RunNote {
  readonly id: string;
  readonly startedAt: string;
  readonly host: HostFacts;
  readonly distros: readonly DistroFacts[];
  /** The words after `katafarm run` that repeat it, on any host. */
  readonly command?: readonly string[];
  /** How many of its cells came to a verdict; missing, as the next, before policy 3. */
  readonly executed?: number;
  /** What its machines had. */
  readonly packages?: ReleasePackages;
  /** What was known to fail when it began. */
  readonly knownIssues?: readonly KnownIssue[];
}

/** What one run showed of one cell. */
export interface Observation {
  readonly cell: Cell;
  readonly run: string;
  /** The version of the Kata that it was run with; missing: it is not about Kata. */
  readonly kata?: string;
  /** Missing: the planner skipped the cell, so it was never on a machine. */
  readonly variant?: Variant;
  readonly basis: Basis;
  /** ISO time at which the verdict stood. */
  readonly at: string;
  /** Missing: planned, and never run to its end. Its texts are on one line; details stay in the journal. */
  readonly outcome?: Outcome;
  /** How its attempts ended, in order. */
  readonly attempts: readonly Status[];
  readonly facts: Facts;
  /** CPU model and outer QEMU of the host, where the run had several. */
  readonly host?: readonly [string, string];
  /** What its machine was made from: two with one template are one night. Missing before policy 3. */
  readonly template?: string;
  /** Whose fault a failure is; missing: nobody looked. */
  readonly finding?: BriefFinding;
  /** The ids of the known issues that the failure is. */
  readonly known?: readonly string[];
}

/** Where a better basis speaks before a worse one: a greater number is better. */
export function rankOf(basis: Basis): number {
  return bases.indexOf(basis);
}

/** The basis that a recorded speed class is; `none` for one that nobody knows. */
export function basisNamed(speed: string | number | undefined): Basis {
  return bases.find((basis) => basis === speed) ?? 'none';
}

/** Whether a word on this basis is plain: made on hardware virtualisation. */
export function isHardware(basis: Basis): boolean {
  return rankOf(basis) >= rankOf('kvm');
}
