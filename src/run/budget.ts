import type { Capacity, Want, Weight, WorkKind } from './capacity.ts';

/** What usual work takes where nothing was recorded, in milliseconds: the measured figures of an emulated host, rounded. */
const usualMs: Readonly<Record<WorkKind, number>> = {
  image: 60_000,
  template: 60_000,
  proof: 20_000,
  cold: 60_000,
  clone: 15_000,
};

/** How long it will take, as far as that can be said. */
export const durationOf = ({ kind, expectedMs }: Want): number => expectedMs ?? usualMs[kind];

/** What is left to be given away. */
export interface Room extends Weight {
  readonly jobs: number;
}

export const fits = (weight: Weight, room: Room): boolean =>
  room.jobs >= 1 && weight.cores <= room.cores && weight.memoryMiB <= room.memoryMiB;

/** What somebody holds of the budget. */
export interface Charge {
  readonly want: Want;
  /** When it is expected to be given back, on the budget's clock. */
  readonly endsAt: number;
  /** Memory that is held and that the host does not show as taken yet. */
  untakenMiB: number;
}

/** Who holds how much. Sums of cores are kept in thousandths, as halves and thirds must add up again. */
export class Budget {
  readonly capacity: Capacity;
  readonly #now: () => number;
  readonly #availableMiB: () => number;
  readonly #charges = new Set<Charge>();
  #thousandths = 0;
  #memoryMiB = 0;
  #untakenMiB = 0;
  #version = 0;

  constructor(capacity: Capacity, now: () => number, availableMiB: () => number) {
    this.capacity = capacity;
    this.#now = now;
    this.#availableMiB = availableMiB;
  }

  /** Counts what has changed, so that what was worked out before is known to be stale. */
  get version(): number {
    return this.#version;
  }

  get charges(): ReadonlySet<Charge> {
    return this.#charges;
  }

  get used(): Room {
    return {
      cores: this.#thousandths / 1000,
      memoryMiB: this.#memoryMiB,
      jobs: this.#charges.size,
    };
  }

  /** By the charges alone. */
  get room(): Room {
    const { cores, memoryMiB, jobs } = this.capacity;
    return {
      cores: (Math.round(cores * 1000) - this.#thousandths) / 1000,
      memoryMiB: memoryMiB - this.#memoryMiB,
      jobs: jobs - this.#charges.size,
    };
  }

  /**
   * What may be started now: also no more memory than the host shows as available, less what was promised and is not
   * taken yet. An idle farm starts one machine whatever the host shows, else it would wait for ever.
   */
  roomNow(): Room {
    const { room } = this;
    if (this.capacity.fixed || this.#charges.size === 0) {
      return room;
    }
    return { ...room, memoryMiB: Math.min(room.memoryMiB, this.#availableMiB() - this.#untakenMiB) };
  }

  charge(want: Want): Charge {
    const { cores, memoryMiB } = want.weight;
    const charge = { want, endsAt: this.#now() + durationOf(want), untakenMiB: memoryMiB };
    this.#charges.add(charge);
    this.#add(Math.round(cores * 1000), memoryMiB, memoryMiB);
    return charge;
  }

  /** The host shows so much of it as taken. */
  taken(charge: Charge, totalMiB = charge.want.weight.memoryMiB): void {
    const untaken = this.#charges.has(charge) ? Math.max(0, charge.want.weight.memoryMiB - totalMiB) : 0;
    const less = charge.untakenMiB - Math.min(charge.untakenMiB, untaken);
    charge.untakenMiB -= less;
    this.#add(0, 0, -less);
  }

  release(charge: Charge): void {
    if (this.#charges.delete(charge)) {
      const { cores, memoryMiB } = charge.want.weight;
      this.#add(-Math.round(cores * 1000), -memoryMiB, -charge.untakenMiB);
      charge.untakenMiB = 0;
    }
  }

  /**
   * When a weight will fit if all ends as expected, and what will be left beside it then. What is overdue counts as
   * about to end.
   */
  whenFits(weight: Weight): { readonly at: number; readonly beside: Room } {
    const now = this.#now();
    let { cores, memoryMiB, jobs } = this.room;
    let at = now;
    for (const { want, endsAt } of [...this.#charges].sort((a, b) => a.endsAt - b.endsAt)) {
      if (fits(weight, { cores, memoryMiB, jobs })) {
        break;
      }
      at = Math.max(now, endsAt);
      cores += want.weight.cores;
      memoryMiB += want.weight.memoryMiB;
      jobs += 1;
    }
    const beside = {
      cores: cores - weight.cores,
      memoryMiB: memoryMiB - weight.memoryMiB,
      jobs: jobs - 1,
    };
    return { at, beside };
  }

  /** Something else than a charge has changed: the host's own account, the time. */
  changed(): void {
    this.#version += 1;
  }

  #add(thousandths: number, memoryMiB: number, untakenMiB: number): void {
    this.#thousandths += thousandths;
    this.#memoryMiB += memoryMiB;
    this.#untakenMiB += untakenMiB;
    this.#version += 1;
  }
}
