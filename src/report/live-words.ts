import type { CellId } from '../domain/cell.ts';
import type { Outcome } from '../domain/outcome.ts';
import { groupOf, type ScenarioId } from '../domain/scenario.ts';
import { oneLine } from '../domain/text.ts';
import type { Counts } from './live-state.ts';

/** What came of a cell, as a clause of one line. */
export function verdictOf(outcome: Outcome): string {
  switch (outcome.status) {
    case 'passed':
      return passedBut(outcome) ?? 'passed';
    case 'failed':
      return `failed: ${outcome.step ? `${oneLine(outcome.step)}: ` : ''}${oneLine(outcome.message, 400)}`;
    case 'errored':
      return `errored in ${outcome.phase}: ${oneLine(outcome.message, 400)}`;
    case 'blocked':
      return `blocked by ${oneLine(outcome.by)}`;
    case 'skipped':
      return `skipped: ${oneLine(outcome.because)}`;
    default:
      return outcome satisfies never;
  }
}

/** Why a pass is no plain one; undefined where it is, or where it is no pass. */
export function passedBut(outcome: Outcome): string | undefined {
  if (outcome.status !== 'passed') {
    return undefined;
  }
  const { flaky, degraded = [] } = outcome;
  const marks = [
    ...(flaky ? ['flaky: red on one clone, green on the next'] : []),
    ...(degraded.length > 0 ? [`degraded: ${degraded.map((line) => oneLine(line)).join('; ')}`] : []),
  ];
  return marks.length > 0 ? `passed, but ${marks.join('; ')}` : undefined;
}

/** `2 failed, 1 errored`: what is not as it should be; empty where nothing is. */
export function troubleOf({ failed, errored, blocked }: Counts): string {
  return clausesOf({ failed, errored, blocked });
}

/** `17 passed, 1 failed`: only what there is. */
export function clausesOf(counts: Partial<Counts>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}

/** A cell where its release is known: the scenario, and the stack where that says more. */
export function shortName(cell: CellId): string {
  const [, stack = '', scenario = ''] = cell.split('/');
  const group = groupOf(scenario as ScenarioId);
  return group === 'kata' || group === 'mapping' ? `${stack}/${scenario}` : scenario;
}

/** `9 s`, `1:02`, `1:02:03`: short, and of a steady width while it counts. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const rest = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** `~20 s`, `~6 min`: no more exact than a guess is. */
export function guessOf(ms: number): string {
  if (ms < 55_000) {
    return `~${Math.max(5, Math.ceil(ms / 5000) * 5)} s`;
  }
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 100 ? `~${minutes} min` : `~${Math.round(minutes / 60)} h`;
}
