import { type Held, share } from '../../host/lock.ts';

/**
 * What this farm works with out of the cache: a shared lock on each, taken once, so that no other removes it. All are
 * let go of together, at the latest.
 */
export class Uses implements AsyncDisposable {
  readonly #held = new Map<string, Held>();

  /** Takes the file's lock, unless it is held already; false where the file is gone. */
  async take(file: string, signal: AbortSignal): Promise<boolean> {
    if (this.#held.has(file)) {
      return true;
    }
    const held = await share(file, signal);
    if (!held) {
      return false;
    }
    this.hold(file, held);
    return true;
  }

  /** Goes on holding what was locked before it came to stand at this path. */
  hold(file: string, held: Held): void {
    this.#held.set(file, held);
  }

  async drop(file: string): Promise<void> {
    const held = this.#held.get(file);
    this.#held.delete(file);
    await held?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held.keys()].map((file) => this.drop(file)));
  }
}
