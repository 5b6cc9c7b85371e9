import type { CellId } from './cell.ts';
import type { Lane, NightState, Strip } from './chronicle.ts';

/** How a cell came out in one run. */
export interface Seen {
  readonly cell: CellId;
  readonly kata?: string;
  readonly state: NightState;
}

/** One run of a release. */
export interface LaneNight extends Pick<Lane, 'release' | 'variant' | 'basis'> {
  readonly run: string;
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly cells: readonly Seen[];
}

/** A lane that is one run long. */
export function laneOf({ run, release, variant, basis, seconds, versions, cells }: LaneNight): Lane {
  const strips = cells.map(
    ({ cell, kata, state }): Strip => ({
      cell,
      ...(kata !== undefined && { kata }),
      spells: [{ value: state, count: 1 }],
    }),
  );
  return {
    ...{ release, variant, basis, runs: [run], seconds: [seconds] },
    versions: Object.fromEntries(
      Object.entries(versions).map(([name, value]) => [name, [{ value, count: 1 }]]),
    ),
    strips,
  };
}
