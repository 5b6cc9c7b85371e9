import type { Cell, CellId } from '../domain/cell.ts';
import { groupOf } from '../domain/scenario.ts';
import { oneLine } from '../domain/text.ts';
import type { Shown, TestedCell } from './tested.ts';

/** Why a cell is not plainly green, in one line; undefined where it is. */
export function reasonOf({ outcome }: TestedCell): string | undefined {
  switch (outcome?.status) {
    case undefined:
      return 'planned, and never run to its end';
    case 'passed':
      return (
        outcome.degraded?.map((line) => oneLine(line)).join('; ') ||
        (outcome.flaky && 'red on one clone, green on the next')
      );
    case 'failed':
      return outcome.step
        ? `${oneLine(outcome.step)}: ${oneLine(outcome.message)}`
        : oneLine(outcome.message);
    case 'errored':
      return `${outcome.phase}: ${oneLine(outcome.message)}`;
    case 'blocked':
      return `blocked by ${outcome.by}`;
    case 'skipped':
      return oneLine(outcome.because);
    default:
      return outcome satisfies never;
  }
}

/** What became of a cell, with its marks: `passed (flaky, degraded)`. */
export function shownWord({ shown, outcome }: TestedCell): string {
  if (outcome?.status !== 'passed') {
    return shown;
  }
  const marks = [...(outcome.flaky ? ['flaky'] : []), ...(outcome.degraded?.length ? ['degraded'] : [])];
  return marks.length > 0 ? `${shown} (${marks.join(', ')})` : shown;
}

/** `7 passed, 1 failed`: only what there is. */
export function countsOf(cells: readonly TestedCell[], order: readonly Shown[]): string {
  return order
    .map((shown) => ({ shown, count: cells.filter((cell) => cell.shown === shown).length }))
    .filter(({ count }) => count > 0)
    .map(({ shown, count }) => `${count} ${shown}`)
    .join(', ');
}

/** The command that runs this one cell again, as the run did whose `command` is given. */
export function repeatOf(
  { distro, stack, scenario }: Pick<Cell, 'distro' | 'stack' | 'scenario'>,
  command: readonly string[] = [],
): string {
  const group = groupOf(scenario);
  const manner = mannerOf(command);
  const needsKata = group === 'kata' || group === 'mapping';
  const kata = needsKata || manner.includes('--kata') ? [] : ['--kata', 'none'];
  return commandOf([distro, '--stack', stack, '--scenario', scenario, ...manner, ...kata]);
}

/** The words of a command that say how, without those that say what: releases, stacks and scenarios. */
function mannerOf(command: readonly string[]): readonly string[] {
  let what = true;
  return command.filter((word) => {
    if (word.startsWith('--')) {
      what = word === '--stack' || word === '--scenario';
    }
    return !what;
  });
}

/** The command that ran all of it. */
export function commandOf(command: readonly string[]): string {
  return katafarmOf(['run', ...command]);
}

/** How katafarm is called here: what is compiled is a package's, and has no launcher beside it. */
const launcher = import.meta.filename.endsWith('.ts') ? './katafarm' : 'npx katafarm';

/** Any command of katafarm's. */
export function katafarmOf(words: readonly string[]): string {
  return [launcher, ...words.map(typed)].join(' ');
}

/** The command that goes into the machine that a cell of a run left; the run by its folder. */
export function shellOf(folder: string, cell: CellId): string {
  return katafarmOf(['shell', '--run', folder, '--cell', cell]);
}

function typed(word: string): string {
  const line = oneLine(word, 1000);
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`;
}

/** `7 min 12 s`, from milliseconds. */
export function durationOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How long a run took, in milliseconds; undefined where it did not end, or the clock was set back meanwhile. */
export function wallTime({
  startedAt,
  endedAt,
}: {
  readonly startedAt: string;
  readonly endedAt?: string;
}): number | undefined {
  const ms = endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : -1;
  return ms < 0 ? undefined : ms;
}
