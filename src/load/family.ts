import { parse } from 'yaml';
import { inherited, mapping, type Raw } from './inherit.ts';

/** Releases' files and their parents, as they were read: nothing in them is checked. */
export class Family {
  readonly #files: ReadonlyMap<string, Raw>;

  /** Texts by the releases' ids. One that can't be read is its own complaint, and has no parent. */
  constructor(texts: ReadonlyMap<string, string>) {
    this.#files = new Map([...texts].map(([id, text]) => [id, read(text)]));
  }

  /** Every release that can be a parent of this one. */
  others(id: string): readonly string[] {
    return [...this.#files.keys()].filter((other) => other !== id);
  }

  /** Its parent, the parent's, and so on; undefined where they lead back to it. */
  parents(id: string): readonly string[] | undefined {
    const line: string[] = [];
    for (let next = this.#parent(id); next !== undefined; next = this.#parent(next)) {
      if (next === id || line.includes(next)) {
        return undefined;
      }
      line.push(next);
    }
    return line;
  }

  /** A file with what its parents say. The file's own values may be given, as they were read elsewhere. */
  whole(id: string, own: Raw = this.#files.get(id) ?? {}): Raw {
    const parent = this.#parent(id);
    return parent === undefined ? own : inherited(parent, this.whole(parent), own);
  }

  #parent(id: string): string | undefined {
    const parent = this.#files.get(id)?.['parent'];
    return typeof parent === 'string' && this.#files.has(parent) ? parent : undefined;
  }
}

function read(text: string): Raw {
  try {
    return mapping(parse(text, { logLevel: 'silent' }));
  } catch {
    return {};
  }
}
