import type { Readable } from 'node:stream';
import type { Arch } from '../domain/arch.ts';

/** Of each package the versions that an index has, in its order. */
export type Found = ReadonlyMap<string, readonly string[]>;

/** Gets what is at an address, unpacked by how it begins. Rejects with what the server said. */
export type Get = (url: string) => Promise<Readable>;

/** What is asked of one repository. */
export interface Question {
  /** As the catalogue writes it down: a URL, or of apt's a line of a sources.list. */
  readonly repository: string;
  readonly arch: Arch;
  /** Everything else in the index is passed over. */
  readonly wanted: ReadonlySet<string>;
  readonly get: Get;
}

/** Reads one repository's index as its package manager does, without a machine. */
export type IndexReader = (question: Question) => Promise<Found>;

/** Collects versions by name. */
export class Finds {
  readonly #found = new Map<string, string[]>();

  add(name: string, version: string): void {
    const versions = this.#found.get(name) ?? [];
    if (!versions.includes(version)) {
      this.#found.set(name, [...versions, version]);
    }
  }

  get all(): Found {
    return this.#found;
  }
}

/** The pieces of a text stream that end with `end`; what follows the last is dropped. */
export async function* piecesOf(stream: Readable, end: string): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) {
    const pieces = (rest + chunk).split(end);
    rest = pieces.pop() ?? '';
    yield* pieces;
  }
}
