import PQueue from 'p-queue';

/**
 * How urgent work is: what ends a release's stay on the host comes first. A template waits for clones in hand, a
 * cold boot for templates, as many cells wait for those; an image comes when nothing else can be done.
 */
const urgency = { clone: 4, proof: 3, template: 2, cold: 1, image: 0 } as const;

/** So many machines at a time. */
export class Slots {
  readonly #queue: PQueue;
  readonly #signal: AbortSignal;

  constructor(machines: number, signal: AbortSignal) {
    this.#queue = new PQueue({ concurrency: machines });
    this.#signal = signal;
  }

  /** Waits for a slot, then works; rejects with the signal's reason if the run ends before its turn. */
  async use<T>(kind: keyof typeof urgency, work: () => Promise<T>): Promise<T> {
    return this.#queue.add(work, { priority: urgency[kind], signal: this.#signal });
  }
}

export interface HostCapacity {
  readonly cores: number;
  readonly availableMiB: number;
}

/** What one machine takes of the host beyond what all clones share, by what was measured and some headroom. */
const machineMiB = 1536;

/** How many machines a host can have at once: one a core under emulation, as each keeps a core busy. */
export function machinesFor(
  { cores, availableMiB }: HostCapacity,
  jobs?: number,
  memoryMiB?: number,
): number {
  const byMemory = Math.floor(Math.min(memoryMiB ?? availableMiB, availableMiB) / machineMiB);
  return Math.max(1, Math.min(jobs ?? cores, byMemory));
}
