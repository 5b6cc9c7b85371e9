/** Time as the scheduler sees it, in milliseconds; a simulation brings its own. */
export interface Clock {
  now(): number;
  /** Calls back once, after so long; what it returns takes that back. */
  after(ms: number, call: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** How often the host's memory is looked at again while only that is in the way. */
const lookAgainMs = 1_000;

/**
 * Keeps starts apart: machines that start together read the same disk, and under emulation make each other slow for as
 * long as they boot. Nothing starts once the run is over.
 */
export class Pace {
  readonly #gapMs: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #wake: () => void;
  #nextAt = Number.NEGATIVE_INFINITY;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(gapMs: number, clock: Clock, signal: AbortSignal, wake: () => void) {
    this.#gapMs = gapMs;
    this.#clock = clock;
    this.#signal = signal;
    this.#wake = wake;
    signal.addEventListener('abort', () => this.#timer?.cancel(), { once: true });
  }

  /** Whether something may start now; where it is too early, it is asked again in time. */
  allows(): boolean {
    if (this.#signal.aborted) {
      return false;
    }
    if (this.#clock.now() >= this.#nextAt) {
      return true;
    }
    this.#wakeAt(this.#nextAt);
    return false;
  }

  started(): void {
    this.#nextAt = this.#clock.now() + this.#gapMs;
  }

  /** What is in the way goes by itself, and nobody says when. */
  lookAgain(): void {
    this.#wakeAt(this.#clock.now() + lookAgainMs);
  }

  #wakeAt(at: number): void {
    if (this.#timer && this.#timer.at <= at) {
      return;
    }
    this.#timer?.cancel();
    const ms = Math.max(0, at - this.#clock.now());
    const cancel = this.#clock.after(ms, () => {
      this.#timer = undefined;
      this.#wake();
    });
    this.#timer = { at, cancel };
  }
}
