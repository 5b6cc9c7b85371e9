import { classed } from './classed.ts';
import { FarmError } from './farm-error.ts';

/** What a text came to that ran in the machine. */
export interface Ended {
  readonly status: number;
  readonly seconds: number;
  /** What it printed, or where that is much, what matters of it. */
  readonly log: string;
}

/** Reads what build.sh's `run_text` printed. */
export function endedIn(told: string): Ended {
  const [head = '', ...log] = told.split('--- what it printed\n');
  const number = (key: string) => Number(new RegExp(`^${key}=(\\d+)$`, 'm').exec(head)?.[1] ?? Number.NaN);
  return { status: number('status'), seconds: number('seconds'), log: log.join('').trim() };
}

/** What the farm sized or has to reach: never the distro's. */
const ours: readonly RegExp[] = [
  /No space left on device/,
  /^Killed$|signal: 9|out of memory|Cannot allocate memory/m,
  /Could not resolve host|Failed to connect to|Connection (?:refused|timed out|reset)|spurious network error/i,
  /curl: \(\d+\)/,
];

/** apt's words where the network or a mirror is at fault (src/install/managers/apt.ts has them all). */
const mirror =
  /^[EW]: (?:Failed to fetch|Some index files failed|Unable to fetch|GPG error|The repository )/m;

/**
 * The words by which a toolchain says that it is too old for what it is given; the whole line is told.
 * Of rustc: E0658 is what only later versions have switched on.
 */
const tooOld: readonly RegExp[] = [
  /^.*requires rustc \d\S*.*$/m,
  /^.*rustc \S+ is not supported by.*$/m,
  /^.*lock ?file version .*(?:does not understand|was found|requires).*$/im,
  /^.*feature `edition20\d\d` is required.*$/m,
  /^.*older than the `?20\d\d`? edition.*$/m,
  /^error\[E0658\].*$/m,
  /^.*(?:Python|Meson|meson|GCC|gcc|Clang|rustc|glib|ninja)\S* (?:version )?(?:is \S+ but|v?\d\S*) (?:or newer|or later|is required|project requires).*$/m,
];

/** Why packages could not be installed: only what the release itself lacks is a failure. */
export function notInstalled({ log }: Ended): Error {
  const lacking = /^E: Unable to locate package (\S+)|^E: Package '(\S+)' has no installation candidate/m;
  const [, unknown, empty] = lacking.exec(log) ?? [];
  const name = unknown ?? empty;
  return name === undefined || mirror.test(log)
    ? new FarmError(`cannot install what a build takes: ${lastOf(log)}`)
    : classed('not-packaged', `the distro has no package ${name}, which the build takes`);
}

/** Why a build came to nothing: `toolchain` is what it was done with, in words. */
export function notBuilt(title: string, toolchain: string, { log, status }: Ended): Error {
  const trouble = ours.map((words) => words.exec(log)?.[0]).find((words) => words !== undefined);
  if (trouble !== undefined) {
    return new FarmError(`cannot build ${title}: ${trouble.trim()}`);
  }
  const age = tooOld.map((words) => words.exec(log)?.[0]).find((words) => words !== undefined);
  const detail = log.split('\n').slice(-40).join('\n');
  return age === undefined
    ? classed('does-not-build', `${title} does not come of ${toolchain}: ${firstOf(log, status)}\n${detail}`)
    : classed(
        'toolchain-too-old',
        `${title} takes a newer toolchain than ${toolchain}: ${age.trim()}\n${detail}`,
      );
}

const firstOf = (log: string, status: number) =>
  /^.*\berror\b.*$/im.exec(log)?.[0].trim() ?? `it ended with status ${status}: ${lastOf(log)}`;

const lastOf = (log: string) => log.trimEnd().split('\n').at(-1)?.trim() || 'it said nothing';
