import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Options } from 'zx';
import { oneLine } from '../domain/text.ts';

type Log = NonNullable<Options['log']>;

/** As much of what commands print as one transcript holds; the farm's own lines go on. */
const mostHeard = 16 * 2 ** 20;
/** Of a line, for `last`. */
const mostPending = 1_000;

/** Before each further line of a command, so that nobody takes it for what one printed. */
export const commandGoesOn = '         > ';

/** Everything that a cell said and did, as it happened; a person reads it to see why. */
export class Transcript implements AsyncDisposable {
  readonly #file: WriteStream;
  readonly #overhear: (text: string) => void;
  readonly #started = performance.now();
  #failed: Error | undefined;
  #over = false;
  #lineOpen = false;
  #heard = 0;
  #lastLine = '';
  #pending = '';

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
      this.say(`$ ${entry.cmd.replaceAll('\n', `\n${commandGoesOn}`)}`);
    } else if (entry.kind === 'stdout' || entry.kind === 'stderr') {
      this.#hear(entry.data.toString());
    }
  };

  /** The last line that a command printed since `forget`; undefined: none did. */
  get last(): string | undefined {
    return oneLine(this.#pending) || oneLine(this.#lastLine) || undefined;
  }

  /** What comes from now on has nothing to do with what was printed before. */
  forget(): void {
    this.#lastLine = '';
    this.#pending = '';
  }

  /** Rejects if it could not be written whole: evidence that is not there must not be spoken of. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#file.end();
    if (!this.#file.closed) {
      await once(this.#file, 'close').catch(() => {});
    }
    if (this.#failed) {
      throw new Error(`cannot write a transcript: ${this.#failed.message}`, { cause: this.#failed });
    }
  }

  #hear(text: string): void {
    const lines = (this.#pending + text).split('\n');
    this.#pending = (lines.pop() ?? '').slice(-mostPending);
    const line = lines.findLast((candidate) => candidate.trim() !== '');
    this.#lastLine = line === undefined ? this.#lastLine : line.slice(0, mostPending);

    const before = this.#heard;
    this.#heard += text.length;
    if (this.#heard <= mostHeard) {
      this.#write(text);
    } else if (before <= mostHeard) {
      this.say(`what commands print from here on is left out: it came to ${mostHeard / 2 ** 20} MiB`);
    }
  }

  #write(text: string): void {
    // A command that was ended may still have something to say.
    if (this.#over) {
      return;
    }
    this.#lineOpen = !text.endsWith('\n');
    this.#file.write(text);
    this.#overhear(text);
  }
}
