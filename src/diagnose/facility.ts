import type { Reading } from '../domain/finding.ts';
import { oneLine } from '../domain/text.ts';
import type { Blame } from './failure-class.ts';

/** Something of the machine that Kata uses, tried by use. One row is all that a new one takes. */
export interface Facility {
  readonly id: string;
  readonly title: string;
  /**
   * POSIX sh, as root in the machine: ends with 0 where it is well, with 1 where it is not, with 77 where it can't be
   * tried. Prints one line on what it saw, and leaves nothing behind.
   */
  readonly script: string;
  /** Classes that it is the reason of when it is red. */
  readonly explains: readonly string[];
  /** The class of a failure that has none of its own. */
  readonly class: string;
  /** In which scenarios a red one takes the blame: those that use it. */
  readonly takesBlameIn: readonly string[];
  /** Whose it is, by what it said; the first that fits. */
  readonly blames: readonly (readonly [said: RegExp, blame: Blame])[];
  /** Puts it right, for as long as the machine lives: POSIX sh under `set -eu`. */
  readonly mend?: string;
}

/** Where each line of a facility begins. */
const mark = 'katafarm-facility';

/** Seconds that one facility may take on hardware; a machine that is slower is not found red by that. */
const limitSeconds = 20;

const wellBeyond = 64 * 1024;

/** One script that tries them all, each by itself. */
export function scriptOf(facilities: readonly Facility[], farmTime?: number): string {
  const probes = facilities.map(({ id, script }) => `probe ${id} ${quoted(script)}`);
  return `set +eu
${farmTime === undefined ? '' : `FARM_TIME=${Math.floor(farmTime)}; `}export FARM_TIME
PATH=$PATH:/usr/sbin:/sbin:/usr/bin:/bin; export PATH LC_ALL=C
limit=; ! command -v timeout >/dev/null 2>&1 || limit='timeout ${limitSeconds}'
probe() {
  said=$($limit sh -c "$2" 2>&1 </dev/null); status=$?
  printf '${mark} %s %s %s\\n' "$1" "$status" "$(printf '%s' "$said" | tr '\\n\\r\\t' '   ' | cut -c 1-300)"
}
${probes.join('\n')}
`;
}

/** What a machine printed, read: unknown facilities, second answers and control characters are left out. */
export function readingsOf(facilities: readonly Facility[], output: string): readonly Reading[] {
  const readings = new Map<string, Reading>();
  const known = new Set(facilities.map(({ id }) => id));
  for (const line of output.slice(0, wellBeyond).split('\n')) {
    const [, facility = '', status = '', said = ''] =
      /^katafarm-facility ([\w-]+) (\d{1,3}) ?(.*)$/.exec(line) ?? [];
    if (known.has(facility) && !readings.has(facility)) {
      readings.set(facility, {
        facility,
        ...((status === '0' || status === '1') && { ok: status === '0' }),
        said: oneLine(said, 300) || wordsOf(status),
      });
    }
  }
  return [...readings.values()];
}

function wordsOf(status: string): string {
  return status === '124' || status === '137' ? 'it came to no end' : `it ended with ${status}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
