import type { Chronicle, Lane } from './chronicle.ts';
import { expectedMs, type History, phasesMs } from './history.ts';
import type { Batch, PlannedCell } from './plan.ts';

/** How long work is taken to be, in milliseconds. Always an answer: what nobody knows is as long as the rest, or a guess. */
export interface Durations {
  readonly cellMs: (cell: PlannedCell, batch: Batch) => number;
  /** Until the first cell can begin: image, boot, preparation, freeze. */
  readonly prepareMs: (batch: Batch) => number;
}

/** Of a first run, on hardware: enough to tell a release with sixty cells from one with six. */
const guess = { clone: 10_000, cold: 40_000, prepare: 120_000 };

/** As many of the newest runs as history takes. */
const newest = 5;

/** Runs at hand tell of each cell; where they don't, what was published tells how long a release took. */
export function durationsOf(history: History, chronicle?: Chronicle): Durations {
  const means = new Map(
    (chronicle?.lanes ?? []).flatMap((lane) => {
      const ms = meanMs(lane);
      return ms === undefined ? [] : [[`${lane.release}/${lane.variant}`, ms] as const];
    }),
  );
  const others = median([...means.values()]);

  return {
    cellMs: (cell, batch) =>
      expectedMs(history, cell) ?? means.get(batch.id) ?? others ?? guess[cell.machine],
    prepareMs: (batch) =>
      phasesMs(history, batch.id, ['image', 'probe', 'boot', 'prepare', 'freeze']) ?? guess.prepare,
  };
}

/** Of one cell, over the lane's newest runs; undefined where it tells of none. */
function meanMs({ seconds, strips, runs }: Lane): number | undefined {
  const counts = runs.map((_, index) => strips.filter(({ spells }) => ran(spells, index)).length);
  const means = runs.flatMap((_, index) => {
    const [took = 0, count = 0] = [seconds[index], counts[index]];
    return took > 0 && count > 0 ? [(took * 1000) / count] : [];
  });
  return median(means.slice(-newest));
}

function ran(spells: Lane['strips'][number]['spells'], index: number): boolean {
  let end = 0;
  const spell = spells.find(({ count }) => {
    end += count;
    return index < end;
  });
  const status = spell?.value.status;
  return status !== undefined && status !== 'absent' && status !== 'missing' && status !== 'skipped';
}

function median(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
