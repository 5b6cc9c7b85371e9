import type { Queue, QueueAddOptions, RunFunction } from 'p-queue';
import type { BatchId } from '../domain/plan.ts';
import { type Budget, durationOf } from './budget.ts';
import type { Want } from './capacity.ts';
import { choose, patience } from './choose.ts';
import { type Group, Groups, type Item } from './groups.ts';
import type { Pace } from './pace.ts';
import { isPreparation, runningIn } from './rank.ts';

export interface WantOptions extends QueueAddOptions {
  readonly want: Want;
}

interface Next {
  readonly item: Item;
  readonly group: Group;
  readonly unfit: readonly Group[];
}

/** What a waiting line has to know of the house. */
export interface House {
  readonly budget: Budget;
  readonly pace: Pace;
  /** How much is asked for or under way by release, images apart. */
  readonly lanes: ReadonlyMap<BatchId, number>;
  readonly now: () => number;
}

/**
 * p-queue's waiting line, by weight: `size` is 0 while nothing may be started, and otherwise what `dequeue` gives
 * fits the budget. Who takes it charges the budget before anybody asks again.
 */
export class WeightedQueue implements Queue<RunFunction, WantOptions> {
  readonly #house: House;
  readonly #groups = new Groups();
  readonly #items = new Map<string, Item>();
  #count = 0;
  #inHandMs = 0;
  /** Starts since room was last kept for one. */
  #sinceKept = patience;
  #known: { readonly version: number; readonly next: Next | undefined } | undefined;

  constructor(house: House) {
    this.#house = house;
  }

  get size(): number {
    return this.#next() ? this.#items.size : 0;
  }

  enqueue(run: RunFunction, { id = '', priority = 0, want }: Partial<WantOptions> = {}): void {
    if (!want) {
      throw new TypeError('what waits for a budget has to say what it wants');
    }
    this.#count += 1;
    const item: Item = { id, run, want, priority, number: this.#count, gone: false };
    this.#groups.add(item);
    this.#items.set(id, item);
    this.#inHandMs += inHandMsOf(want);
    this.#known = undefined;
  }

  dequeue(): RunFunction | undefined {
    const next = this.#next();
    if (!next) {
      return undefined;
    }
    for (const group of next.unfit) {
      group.passedOver += 1;
    }
    this.#sinceKept = next.group.passedOver < patience ? this.#sinceKept + 1 : 0;
    next.group.passedOver = 0;
    this.#drop(next.item);
    this.#house.pace.started();
    return next.item.run;
  }

  remove(id: string): void {
    this.#drop(this.#items.get(id));
  }

  setPriority(id: string, priority: number): void {
    const item = this.#items.get(id);
    if (!item) {
      throw new ReferenceError(`nothing with the id ${id} waits`);
    }
    this.#drop(item);
    this.enqueue(item.run, { id, priority, want: item.want });
  }

  filter(options: Partial<WantOptions>): RunFunction[] {
    const alike = [...this.#items.values()].filter(({ priority }) => priority === options.priority);
    return alike.map(({ run }) => run);
  }

  #drop(item: Item | undefined): void {
    if (!item) {
      return;
    }
    item.gone = true;
    this.#items.delete(item.id);
    this.#inHandMs -= inHandMsOf(item.want);
    this.#known = undefined;
  }

  /** p-queue asks several times a step; nothing is worked out twice. */
  #next(): Next | undefined {
    const { budget, pace } = this.#house;
    const { room, version } = budget;
    if (this.#items.size === 0 || room.jobs < 1 || room.cores <= 0 || !pace.allows()) {
      return undefined;
    }
    if (this.#known?.version !== version) {
      this.#known = { version, next: this.#chosen() };
    }
    return this.#known.next;
  }

  #chosen(): Next | undefined {
    const { budget, pace, lanes, now } = this.#house;
    const kept = { inHandMs: this.#inHandMs, sinceKept: this.#sinceKept };
    const moment = { budget, lanes, running: runningIn(budget), ...kept };
    const { best, unfit, short } = choose(this.#groups.heads(), moment, now());
    if (short) {
      pace.lookAgain();
    }
    return best && { ...best, unfit: unfit.map(({ group }) => group) };
  }
}

const inHandMsOf = (want: Want) => (isPreparation(want) ? 0 : durationOf(want));
