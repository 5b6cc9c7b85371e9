import type { DistroId } from './distro.ts';
import type { ScenarioId } from './scenario.ts';
import type { StackId } from './stack.ts';

/** One square of the support matrix, and the unit of work: this release, this stack, this scenario. */
export interface Cell {
  readonly id: CellId;
  readonly distro: DistroId;
  readonly stack: StackId;
  /** Of which Kata, where a run has several: the label of a second or further one. */
  readonly kata?: string;
  readonly scenario: ScenarioId;
}

/** `RELEASE/STACK[~KATA]/SCENARIO`, everywhere: on the command line, in reports, and as a folder's path. */
export type CellId = `${DistroId}/${StackId}${'' | `~${string}`}/${ScenarioId}`;

export function cellOf(distro: DistroId, stack: StackId, scenario: ScenarioId, kata?: string): Cell {
  const cell = { distro, stack, scenario };
  return kata === undefined
    ? { id: `${distro}/${stack}/${scenario}`, ...cell }
    : { id: `${distro}/${stack}~${kata}/${scenario}`, ...cell, kata };
}

/** The first two segments of a cell's id, for people: `debian-13/qemu`. */
export function placeOf({ distro, stack, kata }: Cell): string {
  return kata === undefined ? `${distro}/${stack}` : `${distro}/${stack}~${kata}`;
}

/** The cell of an id. */
export function cellFrom(id: CellId): Cell {
  const [distro = '', place = '', scenario = ''] = id.split('/');
  const [stack = '', kata] = place.split('~');
  return cellOf(distro as DistroId, stack as StackId, scenario as ScenarioId, kata);
}
