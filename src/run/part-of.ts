import { isPackaged, type Packaged } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import type { ScenarioSpec } from '../domain/scenario.ts';
import type { Part } from '../domain/stack.ts';

/** What a release packages of a part that the scenario needs. Throws a TypeError for one that it does not name. */
export function partOf({ parts }: Distro, { id }: Pick<ScenarioSpec, 'id'>, part: Part): Packaged {
  const claim = parts[part];
  if (!isPackaged(claim)) {
    throw new TypeError(`${id} asks for ${part}, which it does not name in needs.parts`);
  }
  return claim;
}
