import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Held, lock } from '../../host/lock.ts';
import type { Tell } from '../../machine/machine.ts';

/** What this farm is making, by key: another that wants the same waits until it is there, or was given up. */
export class Making implements AsyncDisposable {
  readonly #folder: string;
  readonly #held = new Map<string, Held>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  /** Waits for whoever is at it, and says so; of this farm's own, nobody may be. */
  async begin(key: string, tell: Tell, signal: AbortSignal): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    this.#held.set(key, await lock(join(this.#folder, `${key}.lock`), tell, signal));
  }

  async end(key: string): Promise<void> {
    const held = this.#held.get(key);
    this.#held.delete(key);
    await held?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held.keys()].map((key) => this.end(key)));
  }
}
