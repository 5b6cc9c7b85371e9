import type { CellId } from '../domain/cell.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PlannedCell } from '../domain/plan.ts';

/** What becomes of a batch's cells: a promise for each of them from before any is begun, as one may rest on another. */
export class Outcomes {
  readonly #promised: ReadonlyMap<CellId, PromiseWithResolvers<Outcome>>;
  readonly #begun = new Set<CellId>();

  constructor(cells: readonly PlannedCell[]) {
    this.#promised = new Map(cells.map(({ id }) => [id, Promise.withResolvers<Outcome>()]));
    for (const { promise } of this.#promised.values()) {
      // It is awaited in the end; until then an interruption must not count as unhandled.
      promise.catch(() => {});
    }
  }

  /** Undefined for a cell that is not of this batch. */
  of(cell: CellId): Promise<Outcome> | undefined {
    return this.#promised.get(cell)?.promise;
  }

  begin(cell: CellId, outcome: Promise<Outcome>): void {
    this.#begun.add(cell);
    const promised = this.#promised.get(cell);
    outcome.then(promised?.resolve, promised?.reject);
  }

  get notBegun(): readonly CellId[] {
    return [...this.#promised.keys()].filter((cell) => !this.#begun.has(cell));
  }

  /** Waits for the end of all that were begun, and then rejects with what the first could not be ended by, if any. */
  async ended(): Promise<void> {
    const ended = await Promise.allSettled([...this.#begun].map((cell) => this.of(cell)));
    const broken = ended.find((one) => one.status === 'rejected');
    if (broken) {
      throw broken.reason;
    }
  }
}
