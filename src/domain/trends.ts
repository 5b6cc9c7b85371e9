import type { NightStatus } from './cell-nights.ts';
import type { Chronicle, Lane } from './chronicle.ts';
import { dateOf } from './days.ts';
import type { DistroId } from './distro.ts';
import { rankOf } from './evidence.ts';
import { type DayStatuses, type ReleaseState, ReleaseWords } from './release-words.ts';

/** How the whole went, day by day. */
export interface Trends {
  /** Days (UTC) on which a run began, oldest first. */
  readonly days: readonly TrendDay[];
}

export interface TrendDay {
  /** ISO date. */
  readonly day: string;
  /** Releases that had a machine by then, by how they stood; what one showed is good for as many days as the word of a rolling release. */
  readonly releases: Readonly<Record<ReleaseState, number>>;
  /** Cells of that day's runs, by how they came out: of each the last on the best basis. */
  readonly cells: Readonly<Record<NightStatus, number>>;
  /** Of the cells with a verdict, the share that is green, and that was red first and then green; missing: there is none. */
  readonly green?: number;
  readonly flaky?: number;
  /** How long each release that ran in machines took, in seconds, all its runs of the day together. */
  readonly seconds: Readonly<Record<DistroId, number>>;
}

interface Tally {
  readonly releases: Record<ReleaseState, number>;
  readonly cells: Record<NightStatus, number>;
  readonly seconds: Record<DistroId, number>;
}

export function trendsOf(chronicle: Chronicle): Trends {
  const days = [...new Set(chronicle.runs.map(({ startedAt }) => dateOf(startedAt)))].toSorted();
  const places = new Map(days.map((day, index) => [day, index]));
  const dayOf = new Map(chronicle.runs.map(({ id, startedAt }) => [id, places.get(dateOf(startedAt)) ?? 0]));
  const tallies = days.map(
    (): Tally => ({
      releases: { works: 0, broken: 0, untold: 0 },
      cells: { passed: 0, flaky: 0, failed: 0, errored: 0, blocked: 0, skipped: 0, missing: 0 },
      seconds: {},
    }),
  );

  for (const [release, lanes] of Map.groupBy(chronicle.lanes, (lane) => lane.release)) {
    const words = new ReleaseWords(days);
    // Containers say nothing of a kernel or a VMM.
    const machines = lanes.filter(({ basis }) => basis !== 'userspace');
    for (const [cell, statuses] of statusesIn(machines, dayOf, days.length)) {
      words.add(cell.slice(release.length + 1), statuses);
      for (const [index, status] of statuses.entries()) {
        const tally = tallies[index];
        if (tally && status) {
          tally.cells[status] += 1;
        }
      }
    }
    const first = Math.min(...machines.flatMap(({ runs }) => runs.map((run) => dayOf.get(run) ?? 0)));
    for (const [index, word] of words.all().entries()) {
      const tally = tallies[index];
      if (tally && index >= first) {
        tally.releases[word] += 1;
      }
    }
    for (const { runs, seconds } of machines) {
      for (const [index, run] of runs.entries()) {
        const own = tallies[dayOf.get(run) ?? 0]?.seconds;
        if (own) {
          own[release] = (own[release] ?? 0) + (seconds[index] ?? 0);
        }
      }
    }
  }
  return { days: tallies.map((tally, index) => ({ day: days[index] ?? '', ...tally, ...sharesOf(tally) })) };
}

function sharesOf({ cells: { passed, flaky, failed } }: Tally): Pick<TrendDay, 'green' | 'flaky'> {
  const told = passed + flaky + failed;
  return told === 0 ? {} : { green: (passed + flaky) / told, flaky: flaky / told };
}

/** Of each cell of a release how it came out on each day. */
function statusesIn(
  lanes: readonly Lane[],
  dayOf: ReadonlyMap<string, number>,
  length: number,
): ReadonlyMap<string, DayStatuses> {
  const cells = new Map<string, (NightStatus | undefined)[]>();
  for (const { runs, strips } of lanes.toSorted((a, b) => rankOf(a.basis) - rankOf(b.basis))) {
    const days = runs.map((run) => dayOf.get(run) ?? 0);
    for (const { cell, spells } of strips) {
      const statuses = cells.get(cell) ?? new Array<NightStatus | undefined>(length).fill(undefined);
      cells.set(cell, statuses);
      let index = 0;
      for (const { value, count } of spells) {
        for (const end = index + count; index < end; index += 1) {
          const day = days[index] ?? 0;
          // What one run of the day did not come to, another did.
          const isOpen = value.status === 'missing' || value.status === 'errored';
          if (value.status !== 'absent' && !(isOpen && statuses[day])) {
            statuses[day] = value.status;
          }
        }
      }
    }
  }
  return cells;
}
