import { type CellId, cellFrom } from './cell.ts';
import type { Chronicle, Lane, NightState, Red } from './chronicle.ts';
import type { Compared } from './compared.ts';
import { dateOf } from './days.ts';
import { rankOf } from './evidence.ts';
import type { Known } from './excused.ts';
import { type KnownIssue, standingOf } from './known-issue.ts';
import { outcomeAs } from './night-outcome.ts';
import { policy } from './policy.ts';
import { valueAt } from './spells.ts';

/** Two nights, side by side. */
export interface ComparedNights {
  readonly base: readonly Compared[];
  readonly run: readonly Compared[];
}

/**
 * Two nights, each all runs that began on a day (ISO date, UTC). Of a cell that was run in several ways or on several bases it is the
 * best on which both nights came to a verdict; in one way and on one basis the last verdict, where there is one. `issues`: those that may
 * excuse a red, as far as they are good on its day.
 */
export function comparedNights(
  chronicle: Chronicle,
  [base, day]: readonly [base: string, day: string],
  issues: readonly KnownIssue[] = [],
): ComparedNights {
  const [before, now] = [toldOn(chronicle, base), toldOn(chronicle, day)];
  const sides: { base: Compared[]; run: Compared[] } = { base: [], run: [] };
  for (const cell of [...new Set([...before.keys(), ...now.keys()])].toSorted()) {
    const [was, is] = pairOf(before.get(cell) ?? [], now.get(cell) ?? []);
    if (was) {
      sides.base.push(comparedAs(cell, was, chronicle, knownOn(base, issues)));
    }
    if (is) {
      sides.run.push(comparedAs(cell, is, chronicle, knownOn(day, issues)));
    }
  }
  return sides;
}

/** The days (ISO dates, UTC) on which runs began, oldest first. */
export function daysIn({ runs }: Chronicle): readonly string[] {
  return [...new Set(runs.map(({ startedAt }) => dateOf(startedAt)))].toSorted();
}

/** Where the runs of a day stand in a lane. */
export function placesOn({ runs }: Pick<Chronicle, 'runs'>, lane: Lane, day: string): readonly number[] {
  const own = new Set(runs.filter(({ startedAt }) => dateOf(startedAt) === day).map(({ id }) => id));
  return lane.runs.flatMap((id, index) => (own.has(id) ? [index] : []));
}

/** What came of a cell in one lane on one day. */
interface Told {
  readonly lane: Lane;
  readonly state: NightState;
}

function toldOn(chronicle: Chronicle, day: string): ReadonlyMap<CellId, readonly Told[]> {
  const cells = new Map<CellId, Told[]>();
  for (const lane of chronicle.lanes) {
    const places = placesOn(chronicle, lane, day);
    const byCell = places.length > 0 ? Map.groupBy(lane.strips, ({ cell }) => cell) : [];
    for (const [cell, strips] of byCell) {
      const states = places.flatMap((index) =>
        strips
          .flatMap(({ spells }) => valueAt(spells, index) ?? [])
          .filter(({ status }) => status !== 'absent'),
      );
      // What a later run of the night did not come to takes back nothing that an earlier one showed.
      const state = states.findLast(isVerdict) ?? states.at(-1);
      if (state) {
        cells.set(cell, [...(cells.get(cell) ?? []), { lane, state }]);
      }
    }
  }
  return cells;
}

type Pair = readonly [Told | undefined, Told | undefined];

/** What is compared with what: in one lane, if both came to a verdict in it; a container's only where there was no machine. */
function pairOf(before: readonly Told[], now: readonly Told[]): Pair {
  const isMachine = ({ lane }: Told) => lane.basis !== 'userspace';
  const meant = [...before, ...now].some(isMachine) ? before.filter(isMachine) : before;
  const pairs = meant.flatMap((was) => {
    const is = now.find(({ lane }) => lane === was.lane);
    return is && isVerdict(was.state) && isVerdict(is.state) ? [[was, is] as const] : [];
  });
  const [best] = pairs.toSorted(([a], [b]) => rankOf(b.lane.basis) - rankOf(a.lane.basis));
  return best ?? [bestOf(before), bestOf(now)];
}

function bestOf(told: readonly Told[]): Told | undefined {
  const weight = ({ lane, state }: Told) =>
    rankOf(lane.basis) + (isVerdict(state) ? 100 : 0) + (lane.basis === 'userspace' ? 0 : 1000);
  return told.toSorted((a, b) => weight(b) - weight(a))[0];
}

function isVerdict({ status }: NightState): boolean {
  return status === 'passed' || status === 'flaky' || status === 'failed';
}

function knownOn(day: string, issues: readonly KnownIssue[]) {
  return ({ known = [] }: Red): readonly Known[] =>
    issues
      .filter(({ id }) => known.includes(id))
      .map((issue) => ({ issue, standing: standingOf(issue, day, policy.known.days) }));
}

function comparedAs(
  id: CellId,
  { lane, state }: Told,
  { reds }: Chronicle,
  knownIn: (red: Red) => readonly Known[],
): Compared {
  const red = state.red === undefined ? undefined : reds[state.red];
  const outcome = outcomeAs(state.status, red);
  const known = red ? knownIn(red) : [];
  return {
    cell: cellFrom(id),
    ...(outcome && { outcome }),
    ...(known.length > 0 && { known }),
    manner: `${lane.variant} (${lane.basis})`,
  };
}
