import type { DistroId } from './distro.ts';
import type { ScenarioId } from './scenario.ts';
import type { StackId } from './stack.ts';

/** One square of the support matrix, and the unit of work: this release, this stack, this scenario. */
export interface Cell {
  readonly id: CellId;
  readonly distro: DistroId;
  readonly stack: StackId;
  readonly scenario: ScenarioId;
}

/** `RELEASE/STACK/SCENARIO`, everywhere: on the command line, in reports, and as a folder's path. */
export type CellId = `${DistroId}/${StackId}/${ScenarioId}`;

export function cellOf(distro: DistroId, stack: StackId, scenario: ScenarioId): Cell {
  return { id: `${distro}/${stack}/${scenario}`, distro, stack, scenario };
}
