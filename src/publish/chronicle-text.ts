import type { Chronicle, Lane, NightState, Spell } from '../domain/chronicle.ts';

/** The version of the format of `history/`: `version` in the first line of each of its files. */
export const CHRONICLE_VERSION = 1;

/** Runs, one a line, oldest first. */
export function runLines({ runs }: Chronicle): string {
  return linesOf([head, ...runs.map(({ id, ...rest }) => ({ run: id, ...rest }))]);
}

/** What reds said, one a line, by their ids. */
export function redLines({ reds }: Chronicle): string {
  return linesOf([head, ...Object.entries(reds).map(([id, red]) => ({ red: id, ...red }))]);
}

/**
 * A release's lanes, each followed by its runs, versions and cells. A spell tells where it begins, counted in the lane's
 * runs from 0, and goes on until the next: one more night changes only the lines of what is not as it was.
 */
export function laneLines(lanes: readonly Lane[]): string {
  const [first] = lanes;
  const told = lanes.flatMap(({ variant, basis, runs, seconds, versions, strips }) => [
    { lane: variant, basis },
    ...runs.map((run, index) => ({ run, seconds: seconds[index] ?? 0 })),
    ...Object.entries(versions).map(([name, spells]) => ({
      versions: name,
      spells: begun(spells).map(([begin, version]) => [begin, version]),
    })),
    ...strips.map(({ cell, kata, spells }) => ({ cell, kata, spells: begun(spells).map(stateOf) })),
  ]);
  return linesOf([{ ...head, release: first?.release }, ...told]);
}

const head = { katafarm: 'history', version: CHRONICLE_VERSION };

function begun<T>(spells: readonly Spell<T>[]): readonly (readonly [number, T])[] {
  let next = 0;
  return spells.map(({ value, count }) => {
    const begin = next;
    next += count;
    return [begin, value] as const;
  });
}

function stateOf([begin, { status, red }]: readonly [number, NightState]): readonly unknown[] {
  return red === undefined ? [begin, status] : [begin, status, red];
}

function linesOf(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
