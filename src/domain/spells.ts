import type { NightState, Spell } from './chronicle.ts';

/** A value a run, as spells of the same. `isSame`: identity unless given. */
export function spellsOf<T>(
  values: readonly T[],
  isSame: (a: T, b: T) => boolean = Object.is,
): readonly Spell<T>[] {
  const spells: Spell<T>[] = [];
  let begin = 0;
  for (let index = 1; index <= values.length; index += 1) {
    const value = values[begin] as T;
    if (index === values.length || !isSame(value, values[index] as T)) {
      spells.push({ value, count: index - begin });
      begin = index;
    }
  }
  return spells;
}

/** The value in a run, by where it stands in its lane; undefined past the end. */
export function valueAt<T>(spells: readonly Spell<T>[], index: number): T | undefined {
  let end = 0;
  return spells.find(({ count }) => {
    end += count;
    return index < end;
  })?.value;
}

export function isSameState(a: NightState, b: NightState): boolean {
  return a.status === b.status && a.red === b.red;
}
