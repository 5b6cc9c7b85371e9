import { createHash } from 'node:crypto';
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where marks are, below the cache. */
export function marksOf(cache: string): string {
  return join(cache, 'docker-used');
}

/** When this host's farms last used what is on engines: no engine knows that. A file each, by its time. */
export class Marks {
  readonly #folder: string;
  readonly #now: () => Date;

  constructor(folder: string, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  async touch(id: string): Promise<void> {
    const file = this.#file(id);
    const now = this.#now();
    await mkdir(this.#folder, { recursive: true });
    await utimes(file, now, now).catch(() => writeFile(file, ''));
  }

  /** ISO 8601; undefined: this host has never used it. */
  async usedAt(id: string): Promise<string | undefined> {
    const found = await stat(this.#file(id)).catch(() => undefined);
    return found?.mtime.toISOString();
  }

  #file(id: string): string {
    return join(this.#folder, createHash('sha256').update(id).digest('hex'));
  }
}
