import type { Distro } from '../domain/distro.ts';
import { groupOf, isChosen, type ScenarioId } from '../domain/scenario.ts';
import { UserError } from '../errors.ts';
import { hintOf, nearest } from './nearest.ts';

/**
 * Those releases that are asked for, in that order; where none is, all of them on amd64: another architecture is asked for
 * by name. Throws a UserError for an unknown one.
 */
export function selectDistros(distros: readonly Distro[], ids: readonly string[]): readonly Distro[] {
  if (ids.length === 0) {
    return distros.filter(({ arch }) => arch === 'amd64');
  }

  const known = distros.map((distro) => distro.id);
  return [...new Set(ids)].map((id) => {
    const found = distros.find((distro) => distro.id === id);
    if (!found) {
      throw new UserError(`cannot find the release "${id}": ${releaseHint(id, known)}`);
    }
    return found;
  });
}

/** Few are all named; of many, the way to their list is. */
function releaseHint(id: string, known: readonly string[]): string {
  const isMany = known.length > 8 && nearest(id, known) === undefined;
  return isMany ? 'katafarm list distros names them all' : hintOf(id, known);
}

/**
 * Those scenarios that one of the globs means (`vmm.*`), in their own order; where there is no glob, all of them but those
 * that run only where they are named (`build.*`). Throws a UserError for a glob that means none.
 */
export function selectScenarios<T extends { readonly id: ScenarioId }>(
  scenarios: readonly T[],
  globs: readonly string[],
): readonly T[] {
  const ids = scenarios.map(({ id }) => id);
  const strange = globs.find((glob) => !ids.some((id) => isChosen(id, [glob])));
  if (strange !== undefined) {
    throw new UserError(`cannot find a scenario "${strange}": ${globHint(strange, ids)}`);
  }
  return scenarios.filter(({ id }) => isChosen(id, globs));
}

function globHint(glob: string, ids: readonly ScenarioId[]): string {
  const starred = [...new Set(ids.map(groupOf))].map((group) => `${group}.*`);
  const near = nearest(glob, [...ids, ...starred]);
  return near ? `did you mean "${near}"?` : 'katafarm list scenarios names them all';
}
