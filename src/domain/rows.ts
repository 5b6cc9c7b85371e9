import type { Spell } from './chronicle.ts';
import { spellsOf } from './spells.ts';

/** Rows of one length, by name: what nobody says of a place stays as it was. */
export class Rows<T> {
  readonly #rows = new Map<string, T[]>();
  readonly #length: number;
  readonly #nothing: T;

  constructor(length: number, nothing: T) {
    this.#length = length;
    this.#nothing = nothing;
  }

  /** `places`: where each of the run that the spells count along stands in the row; -1: nowhere. */
  put(name: string, spells: readonly Spell<T>[], places: readonly number[]): void {
    const row = this.#rows.get(name) ?? new Array<T>(this.#length).fill(this.#nothing);
    this.#rows.set(name, row);
    let index = 0;
    for (const { value, count } of spells) {
      for (const end = index + count; index < end; index += 1) {
        const place = places[index] ?? -1;
        if (place >= 0) {
          row[place] = value;
        }
      }
    }
  }

  /** By name, in one fixed order. */
  spells(isSame: (a: T, b: T) => boolean): readonly (readonly [string, readonly Spell<T>[]])[] {
    return [...this.#rows]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, row]) => [name, spellsOf(row, isSame)] as const);
  }
}
