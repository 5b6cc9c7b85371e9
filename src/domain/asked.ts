import type { Cell } from './cell.ts';
import type { Chronicle } from './chronicle.ts';
import { dateOf } from './days.ts';
import { againstLabel } from './kata.ts';
import type { Run } from './run.ts';
import { isChosen, needsKata } from './scenario.ts';

/**
 * Whether a side of a comparison would have a cell, were there such a scenario: what it lacks of those is new or gone, and
 * of all others it says nothing, as they were just not run.
 */
export type Asked = (cell: Cell) => boolean;

/** Of a run: whose releases it had, and that its scenarios are no more, or not yet, as far as it tells of them. */
export function askedIn({ plan, inputs, command }: Run): Asked {
  const releases = new Set([
    ...plan.batches.map(({ distro }) => distro),
    ...plan.skipped.map(({ cell }) => cell.distro),
  ]);
  const isTold = Object.keys(inputs).length > 0;
  const hadKata = (plan.katas ?? []).length > 0;
  return (cell) =>
    releases.has(cell.distro) &&
    (isTold ? inputs[cell.scenario] === undefined : isMeantBy(command, hadKata, cell));
}

/** Of a night: of a release that ran, what the runs that had it were asked for. */
export function askedOn({ runs, lanes }: Chronicle, day: string): Asked {
  const own = new Map(runs.filter(({ startedAt }) => dateOf(startedAt) === day).map((run) => [run.id, run]));
  const releases = new Map(
    [...Map.groupBy(lanes, ({ release }) => release)].map(([release, same]) => {
      const ids = new Set(same.flatMap((lane) => lane.runs.filter((id) => own.has(id))));
      return [release, [...ids].flatMap((id) => own.get(id) ?? [])] as const;
    }),
  );
  return (cell) =>
    (releases.get(cell.distro) ?? []).some(({ command, katas }) =>
      isMeantBy(command, katas.length > 0, cell),
    );
}

/** Whether a run of this command asks for a cell, wherever it runs its release. */
function isMeantBy(command: readonly string[], hadKata: boolean, { stack, scenario, kata }: Cell): boolean {
  const valuesOf = (option: string) =>
    command.flatMap((word, index) => (command[index - 1] === option ? [word] : []));
  const stacks = valuesOf('--stack');
  // A part of a plan lacks what its siblings have.
  if (command.includes('--shard') || (stacks.length > 0 && !stacks.includes(stack))) {
    return false;
  }
  const hasLabel =
    kata === undefined ||
    valuesOf('--kata').some((value) => value.startsWith(`${kata}=`)) ||
    (kata === againstLabel && command.includes('--against'));
  const isOfKata = needsKata({ id: scenario });
  return isChosen(scenario, valuesOf('--scenario')) && (!isOfKata || (hadKata && hasLabel));
}
