import type { CellId } from '../domain/cell.ts';
import type { DistroId } from '../domain/distro.ts';
import type { Note } from '../domain/entry.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Facts } from '../domain/result.ts';
import type { Farm } from './farm.ts';

/** What a diagnosis has to know of a cell that has ended. */
export interface Known {
  readonly outcome?: Outcome;
  readonly facts: Facts;
  /** Below the run's folder, in the order in which they were left. */
  readonly files: readonly string[];
}

/** Remembers of a release's cells what the journal was told, from before the run was gone on with as well. */
export class Ledger {
  readonly #known: Map<CellId, Known>;

  constructor(past: Farm['past'], distro: DistroId) {
    const own = [...past].filter(([id]) => id.startsWith(`${distro}/`));
    this.#known = new Map(
      own.map(([id, { outcome, facts, files }]) => [id, { ...(outcome && { outcome }), facts, files }]),
    );
  }

  get cells(): readonly CellId[] {
    return [...this.#known.keys()];
  }

  of(cell: CellId): Known {
    return this.#known.get(cell) ?? { facts: {}, files: [] };
  }

  note(note: Note): void {
    switch (note.type) {
      case 'fact':
        if (note.subject.split('/').length === 3) {
          const cell = note.subject as CellId;
          this.#amend(cell, ({ facts }) => ({ facts: { ...facts, [note.key]: note.value } }));
        }
        break;
      case 'file':
        this.#amend(note.cell, ({ files }) => ({ files: [...files, note.path] }));
        break;
      case 'cell-ended':
        this.#amend(note.cell, () => ({ outcome: note.outcome }));
        break;
      default:
        break;
    }
  }

  #amend(cell: CellId, change: (known: Known) => Partial<Known>): void {
    const known = this.of(cell);
    this.#known.set(cell, { ...known, ...change(known) });
  }
}

/** A farm whose ledger is told what its journal is. */
export function overheard(farm: Farm, ledger: Ledger): Farm {
  return {
    ...farm,
    record: async (note) => {
      await farm.record(note);
      ledger.note(note);
    },
  };
}
