import type { ScenarioId, ScenarioSpec } from '../domain/scenario.ts';
import { hintOf, nearest } from './nearest.ts';

type Resting = Pick<ScenarioSpec, 'id' | 'restsOn'>;

/** What is wrong with the controls that scenarios rest on: one that is not known, or a circle. */
export function restingComplaints(
  scenarios: readonly Resting[],
  known: readonly ScenarioId[],
): readonly { readonly id: ScenarioId; readonly message: string }[] {
  const strangers = scenarios.flatMap(({ id, restsOn }) =>
    restsOn
      .filter((control) => !known.includes(control))
      .map((control) => ({
        id,
        message: `"restsOn" names no scenario: "${control}"; ${strangerHint(control, known)}`,
      })),
  );

  const circles = scenarios
    .filter(({ id }) => beneath(id, scenarios).has(id))
    .map(({ id }) => ({ id, message: '"restsOn" leads back to the scenario itself' }));

  return [...strangers, ...circles];
}

function strangerHint(control: string, known: readonly ScenarioId[]): string {
  return nearest(control, known) === undefined
    ? 'name its folder by --scenarios as well, if it lies in another'
    : hintOf(control, known);
}

/** Everything that a scenario rests on, directly or not. */
function beneath(id: ScenarioId, scenarios: readonly Resting[]): ReadonlySet<ScenarioId> {
  const seen = new Set<ScenarioId>();
  const open = [id];

  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const controls = scenarios.find((scenario) => scenario.id === next)?.restsOn ?? [];
    for (const control of controls.filter((each) => !seen.has(each))) {
      seen.add(control);
      open.push(control);
    }
  }
  return seen;
}
