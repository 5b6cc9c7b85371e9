import PQueue from 'p-queue';
import type { BatchId } from '../domain/plan.ts';
import { UserError } from '../errors.ts';
import { Budget } from './budget.ts';
import { type Capacity, excessOf, type Want } from './capacity.ts';
import { type Clock, Pace, realClock } from './pace.ts';
import { type WantOptions, WeightedQueue } from './weighted-queue.ts';

/** A share of the host, for as long as the work that it was given to goes on. */
export interface Grant {
  /**
   * The host shows so much of the granted memory as taken, all of it if left out: a promise of it need not be kept
   * any longer.
   */
  taken(totalMiB?: number): void;
}

export interface SlotsOptions {
  /** What the host has available now, by its own account; left out: all that the capacity says. */
  readonly availableMiB?: () => number;
  readonly clock?: Clock;
}

/**
 * Shares the host out: what was asked for starts when it fits, the most urgent first. All that is asked for in one
 * turn of the event loop competes, whoever asked first.
 */
export class Slots {
  readonly capacity: Capacity;
  readonly #queue: PQueue<WeightedQueue, WantOptions>;
  readonly #budget: Budget;
  readonly #lanes = new Map<BatchId, number>();
  readonly #signal: AbortSignal;
  #turn: NodeJS.Immediate | undefined;

  constructor(
    capacity: Capacity,
    signal: AbortSignal,
    { availableMiB = () => capacity.memoryMiB, clock = realClock }: SlotsOptions = {},
  ) {
    this.capacity = capacity;
    this.#signal = signal;
    this.#budget = new Budget(capacity, clock.now, availableMiB);
    const pace = new Pace(capacity.gapMs, clock, signal, () => this.#look());
    const house = { budget: this.#budget, pace, lanes: this.#lanes, now: clock.now };
    this.#queue = new PQueue<WeightedQueue, WantOptions>({
      // p-queue counts nothing: the line has nothing to give while nothing fits.
      queueClass: WeightedQueue.bind(null, house),
      autoStart: false,
    });
  }

  /** Held at this moment, of cores, of memory, and in number. */
  get used() {
    return this.#budget.used;
  }

  /**
   * Waits for its share, then works; rejects with the signal's reason if the run ends before, and with a UserError at
   * once if the whole host would not be enough.
   */
  async use<T>(want: Want, work: (grant: Grant) => Promise<T>): Promise<T> {
    const excess = excessOf(want.weight, this.capacity);
    if (excess) {
      throw new UserError(excess);
    }
    const leave = this.#enter(want);
    try {
      const asked = this.#queue.add(() => this.#granted(want, work), {
        want,
        priority: want.rank ?? 0,
        signal: this.#signal,
      });
      this.#nextTurn();
      return await asked;
    } finally {
      leave();
    }
  }

  async #granted<T>(want: Want, work: (grant: Grant) => Promise<T>): Promise<T> {
    // In p-queue's own turn, so that nothing else is given away in between; and not for what an abort has skipped.
    const charge = this.#budget.charge(want);
    try {
      return await work({
        taken: (totalMiB) => {
          this.#budget.taken(charge, totalMiB);
          this.#nextTurn();
        },
      });
    } finally {
      this.#budget.release(charge);
      this.#nextTurn();
    }
  }

  /** Nothing starts before the next turn: a template's own clones are to compete for the room that it leaves. */
  #nextTurn(): void {
    this.#queue.pause();
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#queue.start();
    });
  }

  #look(): void {
    this.#budget.changed();
    this.#nextTurn();
  }

  #enter({ kind, lane }: Want): () => void {
    if (kind === 'image') {
      return () => {};
    }
    this.#count(lane, 1);
    return () => this.#count(lane, -1);
  }

  #count(lane: BatchId, by: number): void {
    const count = (this.#lanes.get(lane) ?? 0) + by;
    if (count > 0) {
      this.#lanes.set(lane, count);
    } else {
      this.#lanes.delete(lane);
    }
  }
}
