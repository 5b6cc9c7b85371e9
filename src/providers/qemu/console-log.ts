import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { ConsoleReader, type Findings } from '../../host/console.ts';

/**
 * As much as a machine may write into one of its logs. A console of a boot has 60 KiB, and one that is chatty for an
 * hour not a hundred times that: what comes to more is a flood, which fills this host's disk.
 */
export const mostLogged = 16 * 2 ** 20;

const chunkSize = 64 * 2 ** 10;

/** A machine's console as a file that grows: each part of it is read once, and next to nothing of it kept. */
export class ConsoleLog {
  readonly #path: string;
  readonly #reader = new ConsoleReader();
  readonly #decoder = new StringDecoder();
  #offset = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads what is new, and says what all of it shows. A console that is not there yet shows nothing. */
  async look(): Promise<Findings> {
    this.#reading = this.#reading.then(() => this.#catchUp());
    await this.#reading;
    const { findings, last } = this.#reader;
    return { ...findings, ...(last !== undefined && { last }) };
  }

  /** The line that has not ended yet, as of the last look. */
  get pending(): string {
    return this.#reader.pending;
  }

  async #catchUp(): Promise<void> {
    const file = await open(this.#path).catch(() => undefined);
    if (!file) {
      return;
    }
    await using _file = file;
    const buffer = Buffer.alloc(chunkSize);
    // What comes after a flood's beginning says nothing more.
    while (this.#offset < mostLogged) {
      const { bytesRead } = await file.read(buffer, 0, chunkSize, this.#offset);
      if (bytesRead === 0) {
        return;
      }
      this.#offset += bytesRead;
      this.#reader.read(this.#decoder.write(buffer.subarray(0, bytesRead)));
    }
  }
}
