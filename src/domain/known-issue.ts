import type { Cell } from './cell.ts';
import { daysBetween } from './days.ts';
import type { Finding } from './finding.ts';
import type { Failed } from './outcome.ts';
import type { Packages } from './packages.ts';
import { isMeant } from './scenario.ts';
import { compareReleases, isWithin } from './version.ts';

/** A failure that is known, and whose tracker tells of it: one file below `distros/known-issues/`, whose name is its id. */
export interface KnownIssue {
  readonly id: string;
  readonly title: string;
  /** The kind of failure, as a scenario or a finding names it. */
  readonly class: string;
  /** A regular expression; one line of the failure's message, detail or evidence has to match. */
  readonly evidence: string;
  /** Releases of Kata: `>=4.0.0 <5.0.0`; missing: any, and none as well. */
  readonly kata?: string;
  /** Ranges by package; each has to be there, and in its range. */
  readonly packages: Readonly<Record<string, string>>;
  /** Globs. */
  readonly scope: {
    readonly releases: readonly string[];
    readonly stacks: readonly string[];
    readonly scenarios: readonly string[];
  };
  readonly tracker: string;
  /** ISO date on which somebody last saw that it is still so. */
  readonly confirmed: string;
  /** ISO date after which it excuses nothing any more. */
  readonly expires: string;
}

/** What an issue is matched with. */
export interface Suspect {
  readonly cell: Pick<Cell, 'distro' | 'stack' | 'scenario'>;
  /** The version of the Kata that it was run with. */
  readonly kata?: string | undefined;
  readonly packages: Packages;
}

/** `expired`, `unconfirmed` (for too long): it stands beside a failure and doesn't excuse it. */
export type Standing = 'valid' | 'expired' | 'unconfirmed';

/** Whether an issue is about this cell at all: its scope, and the ranges of what was tested. */
export function concerns(issue: KnownIssue, { cell, kata, packages }: Suspect): boolean {
  const { releases, stacks, scenarios } = issue.scope;
  const isInScope =
    releases.some((glob) => isMeant(cell.distro, glob)) &&
    stacks.some((glob) => isMeant(cell.stack, glob)) &&
    scenarios.some((glob) => isMeant(cell.scenario, glob));
  if (!isInScope) {
    return false;
  }

  const isKata =
    issue.kata === undefined || (kata !== undefined && isWithin(kata, issue.kata, compareReleases));
  return (
    isKata &&
    Object.entries(issue.packages).every(([name, range]) => {
      const version = packages[name];
      return version !== undefined && isWithin(version, range);
    })
  );
}

/** The ids of the issues that a failure is: both its class and a line of its evidence have to match. */
export function issuesBehind(
  issues: readonly KnownIssue[],
  suspect: Suspect,
  outcome: Failed,
  finding?: Finding,
): readonly string[] {
  const classes = [outcome.class, finding?.class];
  const lines = [
    outcome.message,
    outcome.detail ?? '',
    ...(finding?.evidence ?? []).map(({ text }) => text),
  ].flatMap((text) => text.split('\n'));

  return issues
    .filter(
      (issue) =>
        classes.includes(issue.class) &&
        concerns(issue, suspect) &&
        lines.some((line) => patternOf(issue).test(line)),
    )
    .map(({ id }) => id);
}

/** What an issue is worth on a day. `days`: how long a confirmation holds. */
export function standingOf(
  { confirmed, expires }: Pick<KnownIssue, 'confirmed' | 'expires'>,
  today: string,
  days: number,
): Standing {
  if (expires < today) {
    return 'expired';
  }
  return daysBetween(confirmed, today) > days ? 'unconfirmed' : 'valid';
}

/** The expression that one line of evidence has to match. Throws a SyntaxError where it is none. */
export function patternOf({ evidence }: Pick<KnownIssue, 'evidence'>): RegExp {
  return new RegExp(evidence, 'u');
}

/** An issue in words, with what it is worth: `kata-9375 (https://…)`. */
export function issueWords(
  { id, tracker, confirmed, expires }: Pick<KnownIssue, 'id' | 'tracker' | 'confirmed' | 'expires'>,
  standing: Standing,
): string {
  switch (standing) {
    case 'valid':
      return `known issue ${id} (${tracker})`;
    case 'expired':
      return `known issue ${id} (${tracker}) expired on ${expires}, and excuses nothing`;
    case 'unconfirmed':
      return `known issue ${id} (${tracker}) was last confirmed on ${confirmed}, and excuses nothing`;
    default:
      return standing satisfies never;
  }
}
