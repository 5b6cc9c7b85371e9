import type { CellId } from './cell.ts';
import { dateOf, daysBetween } from './days.ts';
import type { Basis, Evidence, Observation } from './evidence.ts';
import type { Status } from './outcome.ts';
import type { Variant } from './plan.ts';

/** How a cell came out, night after night, on one basis: what two greens in a row and flakes are counted by. */
export interface Nights {
  readonly cell: CellId;
  readonly variant: Variant;
  /** The version of the Kata that it was run with. */
  readonly kata?: string;
  readonly basis: Basis;
  /** One line a run, oldest first: `AT STATUS TEMPLATE RUN`, short as there are many. {@link nightsOf} reads them. */
  readonly lines: readonly string[];
}

export interface Night {
  /** ISO time at which the verdict stood. */
  readonly at: string;
  readonly status: Status | 'flaky';
  /** What its machine was made from; `-` where nobody wrote that down. */
  readonly template: string;
  readonly run: string;
}

/** So many of the newest are kept. */
export const keptNights = 20;

/** What was shown with a Kata is dropped when it is so many days older than the newest there is: each Kata would leave as much. */
export const keptKataDays = 30;

/** The latest of ISO times. */
export function newestOf(times: readonly string[]): string {
  return times.toSorted().at(-1) ?? '';
}

/** Every cell's nights in all of this evidence. The order in which it is given, and giving it twice, change nothing. */
export function mergeNights(many: readonly Evidence[]): readonly Nights[] {
  const all = many.flatMap(({ nights = [], observations }) => [...nights, ...observations.flatMap(nightIn)]);
  const merged = [...Map.groupBy(all, keyOf)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, same]) => {
      const [first] = same;
      return first ? [{ ...first, lines: newestLines(same.flatMap(({ lines }) => lines)) }] : [];
    });
  const lastOf = ({ lines }: Nights) => (lines.at(-1) ?? '').slice(0, lines.at(-1)?.indexOf(' '));
  const newest = newestOf(merged.map(lastOf));
  return merged.filter((one) => one.kata === undefined || daysBetween(lastOf(one), newest) <= keptKataDays);
}

/** The nights of what an observation is about, on its own basis, oldest first. */
export function nightsOf({ nights = [] }: Evidence, observation: Observation): readonly Night[] {
  const own = nightIn(observation)[0];
  const key = own && keyOf(own);
  return nights.filter((one) => keyOf(one) === key).flatMap(({ lines }) => lines.map(read));
}

/** The nights that these lines tell of, oldest first. */
export function nightsIn({ lines }: Pick<Nights, 'lines'>): readonly Night[] {
  return lines.map(read);
}

/** The nights of a cell on a basis, whatever its variant, oldest first. */
export function nightsOn({ nights = [] }: Evidence, cell: CellId, basis: Basis): readonly Night[] {
  return nights
    .filter((one) => one.cell === cell && one.basis === basis)
    .flatMap(({ lines }) => lines)
    .toSorted()
    .map(read);
}

/** Of each calendar day the last night, newest first. A night in which nothing came to a verdict tells nothing. */
export function daysOf(nights: readonly Night[]): readonly Night[] {
  const days = new Map(nights.filter(isVerdict).map((night) => [dateOf(night.at), night]));
  return [...days.values()].toReversed();
}

/** How many of the nights with a verdict were red first, and then green. */
export function flakesOf(nights: readonly Night[]): { readonly flaky: number; readonly of: number } {
  const told = nights.filter(isVerdict);
  return { flaky: told.filter(({ status }) => status === 'flaky').length, of: told.length };
}

function isVerdict({ status }: Night): boolean {
  return status !== 'errored' && status !== 'skipped';
}

function nightIn({
  cell,
  variant,
  kata,
  basis,
  at,
  outcome,
  template = '-',
  run,
}: Observation): readonly Nights[] {
  if (!variant || !outcome || outcome.status === 'skipped') {
    return [];
  }
  const status = outcome.status === 'passed' && outcome.flaky ? 'flaky' : outcome.status;
  const lines = [`${at} ${status} ${template} ${run}`];
  return [{ cell: cell.id, variant, ...(kata !== undefined && { kata }), basis, lines }];
}

/** Of the same run only what it said last: it was gone on with. */
function newestLines(lines: readonly string[]): readonly string[] {
  const byRun = new Map(lines.toSorted().map((line) => [read(line).run, line]));
  return [...byRun.values()].toSorted().slice(-keptNights);
}

function read(line: string): Night {
  const [at = '', status = '', template = '', run = ''] = line.split(' ');
  return { at, status: status as Night['status'], template, run };
}

function keyOf({ cell, variant, kata = '', basis }: Nights): string {
  return [cell, variant, basis, kata].join(' ');
}
