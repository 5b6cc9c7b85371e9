import { type CellId, cellFrom } from './cell.ts';
import type { Change } from './changes.ts';
import type { Chronicle, Lane, NightState, Red, Spell } from './chronicle.ts';
import type { Compared } from './compared.ts';
import { dateOf } from './days.ts';
import { rankOf } from './evidence.ts';
import type { Outcome } from './outcome.ts';

/** One side of a comparison: the cells of all runs that began on a day (ISO date, UTC); of a cell the last on the best basis. */
export function comparedOn(chronicle: Chronicle, day: string): readonly Compared[] {
  const cells = new Map<CellId, Compared>();
  const runs = runsOn(chronicle, day);
  for (const lane of chronicle.lanes.toSorted((a, b) => rankOf(a.basis) - rankOf(b.basis))) {
    const last = lastOf(lane, runs);
    for (const { cell, spells } of last.length > 0 ? lane.strips : []) {
      const state = last.map((index) => at(spells, index)).findLast((one) => one && one.status !== 'absent');
      if (state) {
        cells.set(
          cell,
          comparedAs(cell, state, state.red === undefined ? undefined : chronicle.reds[state.red]),
        );
      }
    }
  }
  return [...cells.values()].toSorted((a, b) => (a.cell.id < b.cell.id ? -1 : 1));
}

/** What is not the same on two days: of releases that ran on both their versions and images, and the hosts. */
export function changesBetween(chronicle: Chronicle, base: string, day: string): readonly Change[] {
  const [before, now] = [runsOn(chronicle, base), runsOn(chronicle, day)];
  const machines = chronicle.lanes.flatMap((lane) => {
    const [was, is] = [lastOf(lane, before).at(-1), lastOf(lane, now).at(-1)];
    return was === undefined || is === undefined ? [] : versionChanges(lane, was, is);
  });
  const hosts = [before, now].map((ids) => chronicle.runs.findLast(({ id }) => ids.has(id))?.host ?? {});
  const names = [...new Set(hosts.flatMap((host) => Object.keys(host)))].toSorted();
  const ofHost = names.flatMap((name) => changed({ of: 'host', name }, hosts[0]?.[name], hosts[1]?.[name]));
  return [...ofHost, ...machines];
}

/** The days (ISO dates, UTC) on which runs began, oldest first. */
export function daysIn({ runs }: Chronicle): readonly string[] {
  return [...new Set(runs.map(({ startedAt }) => dateOf(startedAt)))].toSorted();
}

function runsOn({ runs }: Chronicle, day: string): ReadonlySet<string> {
  return new Set(runs.filter(({ startedAt }) => dateOf(startedAt) === day).map(({ id }) => id));
}

/** Where these runs stand in a lane. */
function lastOf({ runs }: Lane, wanted: ReadonlySet<string>): readonly number[] {
  return runs.flatMap((id, index) => (wanted.has(id) ? [index] : []));
}

function at<T>(spells: readonly Spell<T>[], index: number): T | undefined {
  let end = 0;
  return spells.find(({ count }) => {
    end += count;
    return index < end;
  })?.value;
}

function versionChanges({ release, versions }: Lane, was: number, is: number): readonly Change[] {
  return Object.entries(versions).flatMap(([name, spells]) => {
    const of = kinds[name] ?? 'package';
    return changed({ of, name, ...(of !== 'kata' && { release }) }, at(spells, was), at(spells, is));
  });
}

const kinds: Readonly<Record<string, Change['of']>> = { image: 'machine', kernel: 'machine', Kata: 'kata' };

function changed(
  change: Pick<Change, 'of' | 'name' | 'release'>,
  was: string | number | undefined = '',
  is: string | number | undefined = '',
): readonly Change[] {
  return was === is
    ? []
    : [{ ...change, ...(was !== '' && { was: String(was) }), ...(is !== '' && { is: String(is) }) }];
}

function comparedAs(id: CellId, { status }: NightState, red: Red | undefined): Compared {
  const outcome = outcomeAs(status, red);
  return { cell: cellFrom(id), ...(outcome && { outcome }) };
}

function outcomeAs(status: NightState['status'], red: Red | undefined): Outcome | undefined {
  const { message = '', step, class: kind } = red ?? {};
  switch (status) {
    case 'passed':
      return { status };
    case 'flaky':
      return { status: 'passed', flaky: true };
    case 'failed':
      return {
        status,
        ...(step !== undefined && { step }),
        ...(kind !== undefined && { class: kind }),
        message,
      };
    case 'errored':
      return { status, phase: red?.phase ?? 'execute', message };
    case 'blocked':
      return { status, by: (red?.by ?? 'its control') as CellId, ...(message !== '' && { message }) };
    case 'skipped':
      return { status, because: message };
    case 'missing':
    case 'absent':
      return undefined;
    default:
      return status satisfies never;
  }
}
