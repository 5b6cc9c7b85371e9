import { Heap } from '../../src/run/heap.ts';
import type { Clock } from '../../src/run/pace.ts';

interface Alarm {
  readonly at: number;
  readonly number: number;
  readonly call: () => void;
  gone: boolean;
}

/** Time that passes only when nothing is left to be done at its present moment. */
export class VirtualClock implements Clock {
  readonly #alarms = new Heap<Alarm>(
    (a, b) => a.at < b.at || (a.at === b.at && a.number < b.number),
    ({ gone }) => gone,
  );
  #count = 0;
  #now = 0;

  readonly now = () => this.#now;

  readonly after = (ms: number, call: () => void) => {
    this.#count += 1;
    const alarm = { at: this.#now + ms, number: this.#count, call, gone: false };
    this.#alarms.push(alarm);
    return () => {
      alarm.gone = true;
    };
  };

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Lets time pass until the promise is settled; throws where nothing will ever happen again. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      // Twice: what was resolved asks for its turn in the first, and has it in the second.
      await turn();
      await turn();
      if (settled) {
        return await promise;
      }
      const alarm = this.#alarms.first;
      if (!alarm) {
        throw new Error(`nothing is left to happen after ${this.#now} ms, and it is not over`);
      }
      alarm.gone = true;
      this.#now = alarm.at;
      alarm.call();
    }
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
