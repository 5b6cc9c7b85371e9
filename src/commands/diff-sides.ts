import { relative } from 'node:path';
import { type Asked, askedIn, askedOn } from '../domain/asked.ts';
import { changesBetween } from '../domain/changed-nights.ts';
import { type Change, changesOf } from '../domain/changes.ts';
import type { Chronicle } from '../domain/chronicle.ts';
import { type Compared, comparedIn } from '../domain/compared.ts';
import { comparedNights, daysIn } from '../domain/compared-nights.ts';
import { dateOf } from '../domain/days.ts';
import type { KnownIssue } from '../domain/known-issue.ts';
import type { Run } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import { loadKnownIssues } from '../load/load-known-issues.ts';
import { readChronicle } from '../publish/chronicle-store.ts';
import type { Sides } from '../report/difference-sections.ts';
import { commandOf } from '../report/words.ts';
import type { Context } from './context.ts';
import { findRun, runsFolder } from './find-run.ts';
import { knownIssueFolders, publishedFolder } from './folders.ts';
import { installedIn } from './installed.ts';
import { pointersIn } from './pointers.ts';

/** Two sides that are compared, and what is not the same beside their cells. */
export interface Compare {
  readonly base: Side;
  readonly run: Side;
  readonly sides: Sides;
  readonly changes: readonly Change[];
}

/** The one night that there is: nothing went before it. */
export interface FirstNight {
  /** ISO date. */
  readonly first: string;
}

interface Side {
  /** A run's id, or a day. */
  readonly id: string;
  readonly cells: readonly Compared[];
  readonly asked: Asked;
}

/**
 * Finds two runs, or two nights of the published history; of the very first night what went before is nothing wrong. Throws a UserError for a run or night that is not there, and for one of
 * each: a run has cells of its own, a night those of all its runs.
 */
export async function sidesOf(
  context: Context,
  base: string,
  run: string,
  published: string | undefined,
): Promise<Compare | FirstNight> {
  if (isNight(base) !== isNight(run)) {
    throw new UserError(
      `cannot compare ${base} with ${run}: one is a night and the other a run; name two of a kind`,
    );
  }
  if (!isNight(base)) {
    return runs(context, base, run);
  }
  const folder = await publishedFolder(context, published);
  const chronicle = await readChronicle(folder);
  const [only, ...others] = daysIn(chronicle);
  if (base === 'previous' && only !== undefined && others.length === 0) {
    return { first: dayFor(chronicle, run, folder) };
  }
  const issues = await loadKnownIssues(knownIssueFolders(context));
  return nights(chronicle, dayFor(chronicle, base, folder), dayFor(chronicle, run, folder), issues);
}

async function runs(context: Context, ...refs: readonly [string, string]): Promise<Compare> {
  const out = runsFolder(context);
  const [base, run] = [await findRun(context, refs[0], out), await findRun(context, refs[1], out)];
  const installed = { base: await installedIn(base), run: await installedIn(run) };
  const place = relative(context.cwd, run.folder);
  return {
    base: { id: base.run.id, cells: comparedIn(base.run), asked: askedIn(base.run) },
    run: { id: run.run.id, cells: comparedIn(run.run), asked: askedIn(run.run) },
    sides: {
      title: `${run.run.id} beside ${base.run.id}`,
      base: describe(base.run),
      run: describe(run.run),
      pointersOf: pointersIn(run.run, place.startsWith('..') ? run.folder : place),
    },
    changes: changesOf(base.run, run.run, installed),
  };
}

function nights(chronicle: Chronicle, base: string, day: string, issues: readonly KnownIssue[]): Compare {
  const ran = (date: string) => {
    const own = chronicle.runs.filter(({ startedAt }) => dateOf(startedAt) === date);
    return `the night of ${date}: ${own.map(({ id, cut }) => (cut ? `${id} (cut short)` : id)).join(', ')}`;
  };
  const cells = comparedNights(chronicle, [base, day], issues);
  return {
    base: { id: base, cells: cells.base, asked: askedOn(chronicle, base) },
    run: { id: day, cells: cells.run, asked: askedOn(chronicle, day) },
    sides: { title: `${day} beside ${base}`, base: ran(base), run: ran(day) },
    changes: changesBetween(chronicle, base, day),
  };
}

function isNight(ref: string): boolean {
  return ref === 'latest' || ref === 'previous' || /^\d{4}-\d{2}-\d{2}$/.test(ref);
}

function dayFor(chronicle: Chronicle, ref: string, folder: string): string {
  const days = daysIn(chronicle);
  const named: Readonly<Record<string, string | undefined>> = { latest: days.at(-1), previous: days.at(-2) };
  const day = Object.hasOwn(named, ref) ? named[ref] : ref;
  if (day === undefined || !days.includes(day)) {
    const known =
      days.length > 0 ? `it has ${days.slice(-5).join(', ')}` : 'it has none: publish a run first';
    throw new UserError(`cannot find the night ${ref} in the history of ${folder}; ${known}`);
  }
  return day;
}

function describe({ id, startedAt, command }: Run): string {
  return `${id}, begun ${startedAt}, by ${commandOf(command)}`;
}
