import type { Phase } from '../domain/outcome.ts';
import type { Batch } from '../domain/plan.ts';
import { within } from '../machine/limits.ts';
import type { Farm } from './farm.ts';

export type BatchPhase = 'image' | 'probe' | 'boot' | 'prepare' | 'freeze' | 'teardown';

/** The phases that a batch goes through before and after its cells: each told of, timed, and under its limit. */
export class Phases {
  readonly #farm: Pick<Farm, 'watcher' | 'record' | 'signal'>;
  readonly #batch: Batch;
  #now: Phase = 'image';
  #factor = 1;

  constructor(farm: Pick<Farm, 'watcher' | 'record' | 'signal'>, batch: Batch) {
    this.#farm = farm;
    this.#batch = batch;
  }

  /** The one that it is in, or was in last. */
  get now(): Phase {
    return this.#now;
  }

  /** What limits are stretched by from now on. */
  stretchBy(factor: number): void {
    this.#factor = factor;
  }

  async during<T>(phase: BatchPhase, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { watcher, record, signal } = this.#farm;
    const { id: batch } = this.#batch;
    this.#now = phase;
    watcher.began(batch, phase);
    const started = performance.now();
    // An image may take as long as it takes while there are signs of life, which only its builder sees.
    const value = await (phase === 'image'
      ? body(signal)
      : within({ phase, what: `${batch}: ${phase}`, factor: this.#factor }, signal, body));
    await record({ type: 'phase-ended', batch, phase, ms: Math.round(performance.now() - started) });
    return value;
  }
}
