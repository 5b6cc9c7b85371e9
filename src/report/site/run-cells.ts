import type { CellId } from '../../domain/cell.ts';
import type { NightStatus } from '../../domain/cell-nights.ts';
import type { Chronicle, Lane, NightState, Red, Strip } from '../../domain/chronicle.ts';

/** How one release's cells came out in one run. */
export interface RunLane {
  readonly lane: Lane;
  readonly seconds: number;
  readonly counts: ReadonlyMap<NightStatus, number>;
  /** Those that are no plain green, and were not skipped. */
  readonly odd: readonly OddCell[];
}

export interface OddCell {
  readonly cell: CellId;
  readonly status: NightStatus;
  readonly red?: Red;
  /** How it came out in the lane's run before; missing: it was not in it. */
  readonly before?: NightStatus;
}

/** All that a chronicle tells of each run, by release. */
export function lanesByRun({ lanes, reds }: Chronicle): ReadonlyMap<string, readonly RunLane[]> {
  const byRun = new Map<string, RunLane[]>();
  for (const lane of lanes) {
    const told = toldBy(lane, reds);
    for (const [index, run] of lane.runs.entries()) {
      const { counts = new Map(), odd = [] } = told[index] ?? {};
      const own = { lane, seconds: lane.seconds[index] ?? 0, counts, odd };
      byRun.set(run, [...(byRun.get(run) ?? []), own]);
    }
  }
  return byRun;
}

interface Told {
  readonly counts: Map<NightStatus, number>;
  readonly odd: OddCell[];
}

/** One walk along each cell, as there are many: with another Kata it is the same cell still. */
function toldBy(lane: Lane, reds: Chronicle['reds']): readonly Told[] {
  const told = lane.runs.map((): Told => ({ counts: new Map(), odd: [] }));
  for (const [cell, strips] of Map.groupBy(lane.strips, (strip) => strip.cell)) {
    let before: NightState | undefined;
    for (const [index, value] of statesAlong(strips, lane.runs.length).entries()) {
      const own = told[index];
      if (own && value && value.status !== 'absent') {
        own.counts.set(value.status, (own.counts.get(value.status) ?? 0) + 1);
        addOdd(own.odd, cell, { value, status: value.status, before }, reds);
      }
      before = value;
    }
  }
  return told;
}

function statesAlong(strips: readonly Strip[], length: number): readonly (NightState | undefined)[] {
  const states = new Array<NightState | undefined>(length).fill(undefined);
  for (const { spells } of strips) {
    let index = 0;
    for (const { value, count } of spells) {
      if (value.status !== 'absent') {
        states.fill(value, index, index + count);
      }
      index += count;
    }
  }
  return states;
}

function addOdd(
  odd: OddCell[],
  cell: CellId,
  night: {
    readonly value: NightState;
    readonly status: NightStatus;
    readonly before: NightState | undefined;
  },
  reds: Chronicle['reds'],
): void {
  const { value, status, before } = night;
  if (status === 'passed' || status === 'skipped') {
    return;
  }
  const red = value.red === undefined ? undefined : reds[value.red];
  const was = before?.status === 'absent' ? undefined : before?.status;
  odd.push({ cell, status, ...(red && { red }), ...(was && { before: was }) });
}
