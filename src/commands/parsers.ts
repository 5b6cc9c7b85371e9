import { type StackId, stacks } from '../domain/stack.ts';
import { UserError } from '../errors.ts';
import { hintOf } from '../load/nearest.ts';

/** Reads `6G`, `6144M` or plain MiB into MiB. */
export function memoryMiB(text: string): number {
  const [, digits, unit = 'M'] = /^(\d+)([MG])?(?:i?B)?$/i.exec(text) ?? [];
  const mebibytes = Number(digits) * (unit.toUpperCase() === 'G' ? 1024 : 1);

  if (!digits || mebibytes < 256) {
    throw new UserError(`cannot read --memory "${text}": say 6G, 6144M or a number of MiB, at least 256`);
  }
  return mebibytes;
}

/** Milliseconds: a timer that is set for longer goes off at once. */
const longestTimer = 2 ** 31 - 1;

const milliseconds = { s: 1000, m: 60_000, h: 3_600_000 };

/** Reads `90s`, `45m`, `2h` or `1h30m` into milliseconds. */
export function duration(text: string): number {
  const pieces = [...text.matchAll(/(\d+)([smh])/g)];
  const total = pieces.reduce((sum, [, count, unit]) => sum + Number(count) * unitOf(unit), 0);

  if (pieces.map(([piece]) => piece).join('') !== text || total === 0) {
    throw new UserError(`cannot read --timeout "${text}": say 90s, 45m, 2h or 1h30m`);
  }
  if (total > longestTimer) {
    throw new UserError(
      `cannot wait as long as --timeout "${text}": 596h is the most; leave it out for no limit`,
    );
  }
  return total;
}

/** Makes a reader of `14d` into days. */
export function days(option: string): (text: string) => number {
  return (text) => {
    const [, digits] = /^(\d{1,5})d$/.exec(text) ?? [];
    if (digits === undefined) {
      throw new UserError(`cannot read ${option} "${text}": say a number of days, as 14d`);
    }
    return Number(digits);
  };
}

/** Makes a reader of whole numbers that are at least `least`. */
export function count(option: string, least: number): (text: string) => number {
  return (text) => {
    if (!/^\d{1,6}$/.test(text) || Number(text) < least) {
      throw new UserError(`cannot read ${option} "${text}": say a whole number, ${least} or more`);
    }
    return Number(text);
  };
}

/** Collects stacks; complains of a word that is none. */
export function stackIds(text: string, before: readonly StackId[] = []): readonly StackId[] {
  refuseRelease('--stack', text);

  const ids = stacks.map(({ id }) => id);
  const found = ids.find((id) => id === text);
  if (!found) {
    throw new UserError(`cannot use --stack "${text}": ${hintOf(text, ids)}`);
  }
  return [...before, found];
}

/** Collects globs over scenario ids: `vmm.*`. */
export function scenarioGlobs(text: string, before: readonly string[] = []): readonly string[] {
  refuseRelease('--scenario', text);
  return [...before, text];
}

/** Collects folders. */
export function folders(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Makes a reader of one word out of a few. */
export function oneOf<T extends string>(option: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (!found) {
      throw new UserError(`cannot use ${option} "${text}": say ${words.join(', ')}`);
    }
    return found;
  };
}

/** An option that takes a list swallows a release that follows it: say so, rather than miss a stack of that name. */
export function refuseRelease(option: string, text: string): void {
  if (/^[a-z]+-(\d|forky$|sid$)/.test(text)) {
    throw new UserError(
      `cannot take "${text}" as part of ${option}: name releases before it, or after --, as in: ${text} ${option} …`,
    );
  }
}

function unitOf(unit: string | undefined): number {
  return unit === 's' || unit === 'm' || unit === 'h' ? milliseconds[unit] : Number.NaN;
}
