import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Note } from '../domain/entry.ts';
import { UserError } from '../errors.ts';

/** An append-only file, one JSON entry a line: the only thing a run leaves that cannot be made again. */
export class Journal implements AsyncDisposable {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #now: () => Date;
  readonly #echo: (line: string) => void;
  /** Bytes that are known to be on disk. */
  #length: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #broken: Error | undefined;

  private constructor(
    path: string,
    file: FileHandle,
    length: number,
    now: () => Date,
    echo: (line: string) => void,
  ) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
    this.#now = now;
    this.#echo = echo;
  }

  /**
   * Begins a journal, or goes on with one, first cutting off a last line that a crash left half written. `echo` is
   * given each line, its newline included, once it is on disk.
   */
  static async open(
    path: string,
    now: () => Date = () => new Date(),
    openFile = open,
    echo: (line: string) => void = () => {},
  ): Promise<Journal> {
    const file = await openFile(path, 'a+', 0o644).catch((cause: unknown) => {
      throw refusal(path, cause);
    });
    try {
      const length = (await file.readFile()).lastIndexOf('\n') + 1;
      await file.truncate(length);
      await syncFolder(dirname(path));
      return new Journal(path, file, length, now, echo);
    } catch (error) {
      await file.close();
      throw refusal(path, error);
    }
  }

  /**
   * Resolves once the note is on disk. Notes keep the order in which they were made; those that come while the disk
   * is busy go there together. Once a note could not be written, it and every later one is rejected: by a UserError
   * (exit 3) where the disk is at fault.
   */
  record(note: Note): Promise<void> {
    const line = `${JSON.stringify({ at: this.#now().toISOString(), ...note })}\n`;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ line, resolve, reject });
    this.#writing ??= this.#write();
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    this.#broken ??= new Error(`cannot record in ${this.#path}: the journal is closed`);
    await this.#file.close();
  }

  async #write(): Promise<void> {
    // One turn of the loop later: what is recorded together is written together.
    await Promise.resolve();

    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#append(batch);
    }
    this.#writing = undefined;
  }

  /** Never rejects: each note hears of its own fate. */
  async #append(batch: readonly Waiting[]): Promise<void> {
    try {
      if (this.#broken) {
        throw this.#broken;
      }
      const bytes = Buffer.from(batch.map(({ line }) => line).join(''));
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
      this.#length += bytes.length;
    } catch (error) {
      this.#broken ??= await this.#giveUp(error);
    }

    for (const { line, resolve, reject } of batch) {
      if (this.#broken) {
        reject(this.#broken);
      } else {
        this.#echo(line);
        resolve();
      }
    }
  }

  /** What was rejected must not be read later: a failed write may have left some of its lines. */
  async #giveUp(cause: unknown): Promise<Error> {
    await this.#file.truncate(this.#length).catch(() => {});
    return refusal(this.#path, cause);
  }
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and run again',
  EDQUOT: "this user's quota is used up; free some space and run again",
  EIO: 'the disk has an error; look at the kernel log, or put runs elsewhere with --out DIR',
  EROFS: 'its file system is read-only; put runs elsewhere with --out DIR',
};

/** A disk that takes no more is for people to mend; all else is a fault of ours. */
function refusal(path: string, cause: unknown): Error {
  const { code = '', message = String(cause) } =
    cause instanceof Error ? (cause as NodeJS.ErrnoException) : {};
  const remedy = remedies[code];
  return remedy
    ? new UserError(`cannot record in ${path}: ${remedy}`, { exitCode: 3, cause })
    : new Error(`cannot record in ${path}: ${message}`, { cause });
}

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A file that was just made is there after a power cut only if its folder was synced as well. */
async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
