import type { CellNight } from './cell-nights.ts';
import type { Lane } from './chronicle.ts';
import { valueAt } from './spells.ts';

/** A version that is not what it was. */
export interface VersionChange {
  /** Of a package, `kernel`, `image` or `Kata`. */
  readonly name: string;
  /** Empty: not there. */
  readonly was: string;
  readonly is: string;
}

/**
 * For each run of a lane a number that is the same as long as versions are. What a run doesn't tell is as it was. An image
 * that was built anew of the same packages is no new version; where no package is told, it stands for them.
 */
export function versionsAlong({ runs, versions }: Lane): readonly number[] {
  const names = Object.keys(versions).filter((name) => !isKataName(name));
  const packages = names.filter((name) => name !== 'image');
  const changes = new Set<number>();
  for (const name of packages.length > 0 ? packages : names) {
    let [index, known] = [0, ''];
    for (const { value, count } of versions[name] ?? []) {
      if (value !== '') {
        if (known !== '' && known !== value) {
          changes.add(index);
        }
        known = value;
      }
      index += count;
    }
  }

  let number = 0;
  return runs.map((_, index) => {
    number += changes.has(index) ? 1 : 0;
    return number;
  });
}

/** A cell's night, and where its run stands in the lane. */
export interface PlacedNight {
  readonly night: CellNight;
  readonly index: number;
}

/** What differs between two nights of a cell, by name. */
export function versionChanges(
  { versions }: Lane,
  before: PlacedNight,
  now: PlacedNight,
): readonly VersionChange[] {
  const [was, is] = [before, now].map(({ index }) => toldAt(versions, index));
  const packages = [was, is].map((told = {}) => Object.keys(told).some((name) => !isWholeName(name)));
  const changes = Object.keys(versions).flatMap((name): readonly VersionChange[] => {
    const change = { name, was: was?.[name] ?? '', is: is?.[name] ?? '' };
    // Who tells of no package at all doesn't say that this one was not there.
    const isTold = (change.was !== '' && change.is !== '') || (!isWholeName(name) && packages.every(Boolean));
    return !isKataName(name) && isTold && change.was !== change.is ? [change] : [];
  });
  const [had = '', has = ''] = [before.night.kata, now.night.kata];
  return had === has ? changes : [{ name: 'Kata', was: had, is: has }, ...changes];
}

function toldAt(versions: Lane['versions'], index: number): Readonly<Record<string, string>> {
  const told = Object.entries(versions).map(
    ([name, spells]) => [name, valueAt(spells, index) ?? ''] as const,
  );
  return Object.fromEntries(told.filter(([, version]) => version !== ''));
}

/** Whether it is a Kata, by whichever label. */
export const isKataName = (name: string) => name === 'Kata' || name.startsWith('Kata ');

/** Whether it is no package but the whole machine's. */
export const isWholeName = (name: string) => name === 'image' || name === 'kernel' || isKataName(name);
