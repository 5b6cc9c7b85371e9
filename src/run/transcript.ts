import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Options } from 'zx';

type Log = NonNullable<Options['log']>;

/** Everything that a cell said and did, as it happened; a person reads it to see why. */
export class Transcript implements AsyncDisposable {
  readonly #file: WriteStream;
  readonly #overhear: (text: string) => void;
  readonly #started = performance.now();
  #failed: Error | undefined;
  #lineOpen = false;

  /** `overhear` is given all of it as well, as it happens. */
  constructor(path: string, overhear: (text: string) => void = () => {}) {
    this.#overhear = overhear;
    this.#file = createWriteStream(path, { flags: 'wx' });
    this.#file.on('error', (error) => {
      this.#failed ??= error;
    });
  }

  /** A line of the farm's own, with the seconds since the cell began. */
  say(text: string): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1).padStart(6);
    this.#write(`${this.#lineOpen ? '\n' : ''}[${seconds}] ${text}\n`);
  }

  /** For zx: commands as they are given, output as it comes. */
  readonly log: Log = (entry) => {
    if (entry.kind === 'cmd') {
      this.say(`$ ${entry.cmd}`);
    } else if (entry.kind === 'stdout' || entry.kind === 'stderr') {
      this.#write(entry.data.toString());
    }
  };

  /** Rejects if it could not be written whole: evidence that is not there must not be spoken of. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#file.end();
    if (!this.#file.closed) {
      await once(this.#file, 'close').catch(() => {});
    }
    if (this.#failed) {
      throw new Error(`cannot write a transcript: ${this.#failed.message}`, { cause: this.#failed });
    }
  }

  #write(text: string): void {
    this.#lineOpen = !text.endsWith('\n');
    this.#file.write(text);
    this.#overhear(text);
  }
}
