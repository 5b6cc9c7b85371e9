import { UserError } from '../errors.ts';
import { CHRONICLE_VERSION } from './chronicle-text.ts';

/** A line of a file of `history/`, with its place. */
export interface Line {
  readonly place: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The lines of a file below its first. Throws a UserError that names the line for one that is damaged or too new. */
export function historyLines(
  text: string,
  file: string,
): { readonly head: Line; readonly rest: readonly Line[] } {
  const whole = text.split('\n');
  const last = whole.pop();
  if (last !== '') {
    throw damaged(`${file}:${whole.length + 1}`, 'the line is cut short');
  }
  const [head, ...rest] = whole.map((line, index) => lineOf(line, `${file}:${index + 1}`));
  if (head?.value['katafarm'] !== 'history') {
    throw damaged(`${file}:1`, 'it does not begin as a file of history does');
  }

  const { version } = head.value;
  if (version !== CHRONICLE_VERSION) {
    throw new UserError(
      `cannot read ${file}:1: it is history of version ${String(version)}, and this katafarm knows version ${CHRONICLE_VERSION}; use the katafarm that wrote it`,
    );
  }
  return { head, rest };
}

/** A refusal that says what to do about a store that is not as it was written. */
export function damaged(place: string, what: string): UserError {
  return new UserError(`cannot read ${place}: ${what}; restore history/ from version control`);
}

/** A text of a line. Throws a UserError where it has none by this name. */
export function textIn({ place, value }: Line, key: string): string {
  const found = value[key];
  if (typeof found !== 'string') {
    throw damaged(place, `"${key}" is no text`);
  }
  return found;
}

/** A text that is one of a few. */
export function wordIn<T extends string>(line: Line, key: string, words: readonly T[]): T {
  const found = words.find((word) => word === line.value[key]);
  if (found === undefined) {
    throw damaged(line.place, `"${key}" is none of ${words.join(', ')}`);
  }
  return found;
}

/** A list of texts. */
export function textsIn({ place, value }: Line, key: string): readonly string[] {
  const found = value[key];
  if (!Array.isArray(found) || !found.every((one) => typeof one === 'string')) {
    throw damaged(place, `"${key}" is no list of texts`);
  }
  return found;
}

/** Where each spell begins, and what follows. Throws a UserError unless they begin with the first run, each after the last. */
export function spellsIn({ place, value }: Line, runs: number): readonly (readonly [number, ...unknown[]])[] {
  const found = value['spells'];
  let before = -1;
  const isRight = (one: unknown): one is readonly [number, ...unknown[]] => {
    const [begin] = Array.isArray(one) ? (one as unknown[]) : [];
    const isNext = Number.isInteger(begin) && Number(begin) > before && Number(begin) < runs;
    before = Number(begin);
    return isNext;
  };
  if (!Array.isArray(found) || found[0]?.[0] !== 0 || !found.every(isRight)) {
    throw damaged(place, `its spells do not fit the ${runs} runs of its lane`);
  }
  return found;
}

function lineOf(line: string, place: string): Line {
  if (/^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)/.test(line)) {
    throw new UserError(
      `cannot read ${place}: it holds both sides of a merge; check out one side of history/, and fold the other in: katafarm publish --history DIR`,
    );
  }
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { place, value: value as Line['value'] };
    }
  } catch {
    // Said below.
  }
  throw damaged(place, 'the line is not JSON of history');
}
