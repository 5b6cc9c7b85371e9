import type { KataPiece } from './kata.ts';
import type { Part, StackId } from './stack.ts';

export const groups = ['host', 'control', 'vmm', 'kata', 'mapping', 'build'] as const;
export type Group = (typeof groups)[number];

/** Their scenarios take long, and no word of support rests on them: they run only where their group is named. */
const onlyNamed: readonly Group[] = ['build'];
export type ScenarioId = `${Group}.${string}`;

/** A scenario as the planner sees it: everything but the deed. */
export interface ScenarioSpec {
  /** Made from the file's place: `scenarios/vmm/qemu.boot.ts` is `vmm.qemu.boot`. */
  readonly id: ScenarioId;
  readonly title: string;
  /** `'kata'` is every stack but host and runc. */
  readonly on: readonly StackId[] | 'kata';
  readonly needs: Needs;
  /** Controls: where one of these failed on the same release, this scenario is blocked, not run. */
  readonly restsOn: readonly ScenarioId[];
  /** `cold`: boots from power-on; `clone`: starts from the frozen template. */
  readonly machine: 'clone' | 'cold';
  /** The limit of each step, in seconds on hardware of speed 1; stretched by the machine's factor. */
  readonly stepSeconds: number;
  /** Names that `--source NAME=WHAT` may give it something by; missing: none. */
  readonly takes?: readonly string[];
}

/** What has to be there before a scenario is worth starting. */
export interface Needs {
  /** What the distro must package; else the cell is skipped, with the claim as its reason. */
  readonly parts?: readonly Part[];
  /** Device nodes that the provider's machine must be able to offer. */
  readonly devices?: readonly string[];
  /** A way out to other machines; clones have none unless this is set. */
  readonly network?: boolean;
  /** What has to be in the Kata, beyond what its stack takes from it; for scenarios of `kata` and `mapping`. */
  readonly kata?: readonly KataPiece[];
  /** The kernel that runs is what it is about, or its settings: a container, which is on its host's, can't show it. */
  readonly kernel?: boolean;
  /** A CPU that doesn't say that it is virtual: Kata then does as on bare metal. */
  readonly bare?: boolean;
}

export const allStacksOf = (on: ScenarioSpec['on'], every: readonly StackId[]): readonly StackId[] =>
  on === 'kata' ? every.filter((id) => id !== 'host' && id !== 'runc') : on;

/** Whether a glob means this id: `vmm.*` a scenario's, `debian-*` a release's. */
export function isMeant(id: string, glob: string): boolean {
  const escaped = glob.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*')}$`).test(id);
}

/** Whether globs choose a scenario; where there is none, all are chosen but those that have to be named. */
export function isChosen(id: ScenarioId, globs: readonly string[]): boolean {
  const group = groupOf(id);
  if (!onlyNamed.includes(group)) {
    return globs.length === 0 || globs.some((glob) => isMeant(id, glob));
  }
  return globs.some((glob) => glob.startsWith(`${group}.`) && isMeant(id, glob));
}

/** Whether what a scenario shows is no part of what is published of a release's support. */
export function isAside({ id }: Pick<ScenarioSpec, 'id'>): boolean {
  return onlyNamed.includes(groupOf(id));
}

/** Whether a scenario is about containers of Kata's, and so can't be run without one. */
export function needsKata({ id }: Pick<ScenarioSpec, 'id'>): boolean {
  const group = groupOf(id);
  return group === 'kata' || group === 'mapping';
}

export function groupOf(id: ScenarioId): Group {
  return id.slice(0, id.indexOf('.')) as Group;
}
