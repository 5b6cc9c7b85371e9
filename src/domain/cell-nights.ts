import type { CellId } from './cell.ts';
import type { Chronicle, Lane, NightState, Red, Strip } from './chronicle.ts';

/** How a cell came out in one run that planned it. */
export interface CellNight {
  readonly run: string;
  /** ISO time at which the run began. */
  readonly at: string;
  readonly status: NightStatus;
  /** What it said, of a status that is no plain green. */
  readonly red?: Red;
  /** The version of the Kata that it was run with. */
  readonly kata?: string;
}

export type NightStatus = Exclude<NightState['status'], 'absent'>;

/** A cell's nights with one Kata, oldest first, without those in which nobody asked for it. */
export function nightsOfStrip(chronicle: Chronicle, lane: Lane, strip: Strip): readonly CellNight[] {
  return nightsAlong(chronicle, lane, [strip]).flatMap((night) => night ?? []);
}

/** A cell's nights in a lane, whatever its Kata, oldest first. */
export function nightsOfCell(chronicle: Chronicle, lane: Lane, cell: CellId): readonly CellNight[] {
  const strips = lane.strips.filter((strip) => strip.cell === cell);
  return nightsAlong(chronicle, lane, strips).flatMap((night) => night ?? []);
}

/** The same with a place for each of the lane's runs; undefined where nobody asked for the cell. */
export function nightsAlong(
  { runs, reds }: Chronicle,
  lane: Lane,
  strips: readonly Strip[],
): readonly (CellNight | undefined)[] {
  const starts = startsOf(runs, lane);
  const nights = new Array<CellNight | undefined>(lane.runs.length).fill(undefined);
  for (const { kata, spells } of strips) {
    let index = 0;
    for (const { value, count } of spells) {
      const { status, red } = value;
      const end = index + count;
      if (status === 'absent') {
        index = end;
        continue;
      }
      const said = red === undefined ? undefined : reds[red];
      const rest = { status, ...(said && { red: said }), ...(kata !== undefined && { kata }) };
      for (; index < end; index += 1) {
        nights[index] = { run: lane.runs[index] ?? '', at: starts[index] ?? '', ...rest };
      }
    }
  }
  return nights;
}

/** When each of the lane's runs began. Both are in the order in which they did: one walk finds them all. */
function startsOf(runs: Chronicle['runs'], lane: Lane): readonly string[] {
  const starts: string[] = [];
  for (const { id, startedAt } of runs) {
    if (id === lane.runs[starts.length]) {
      starts.push(startedAt);
    }
  }
  return starts;
}
