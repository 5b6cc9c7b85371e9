import type { CellId } from './cell.ts';
import type { Evidence, Observation } from './evidence.ts';
import { byTime } from './fold.ts';
import { concerns, type KnownIssue, type Standing, standingOf } from './known-issue.ts';
import { daysOf, nightsOf } from './nights.ts';
import { packagesIn } from './packages.ts';
import type { Policy } from './policy.ts';

/** How a known issue stands by what its cells showed. */
export interface IssueState {
  readonly issue: KnownIssue;
  /**
   * `open`: nothing speaks against it; `fixed`: no cell failed by it, and one of its scope is green; `closed`: all of
   * them are, as many nights in a row as the policy asks for; `expired`, `unconfirmed`: it excuses nothing any more.
   */
  readonly state: 'open' | 'fixed' | 'closed' | 'expired' | 'unconfirmed';
  /** Cells that failed by it. */
  readonly red: readonly CellId[];
  /** Cells in its scope that are green. */
  readonly green: readonly CellId[];
}

/** Every issue that the counted cells' runs knew and that is about one of them, as the newest of these runs has it. */
export function issuesIn(evidence: Evidence, policy: Policy, today: string): readonly IssueState[] {
  const issues = new Map<string, KnownIssue>();
  const cells = new Map<string, Observation[]>();
  for (const observation of evidence.observations.filter(isVerdict).toSorted(byTime)) {
    for (const issue of issuesAbout(observation, evidence)) {
      issues.set(issue.id, issue);
      cells.set(issue.id, [...(cells.get(issue.id) ?? []), observation]);
    }
  }
  return [...issues.values()]
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((issue) => stateOf(issue, cells.get(issue.id) ?? [], evidence, policy, today));
}

function isVerdict({ outcome, basis }: Observation): boolean {
  return (outcome?.status === 'passed' || outcome?.status === 'failed') && basis !== 'userspace';
}

function issuesAbout(observation: Observation, { runs }: Evidence): readonly KnownIssue[] {
  const { cell, run, kata, facts } = observation;
  const note = runs.find(({ id }) => id === run);
  const packages = { ...note?.packages?.[cell.distro], ...packagesIn(facts) };
  return (note?.knownIssues ?? []).filter((issue) => concerns(issue, { cell, kata, packages }));
}

function stateOf(
  issue: KnownIssue,
  seen: readonly Observation[],
  evidence: Evidence,
  policy: Policy,
  today: string,
): IssueState {
  const green = seen.filter(({ outcome }) => outcome?.status === 'passed' && !outcome.flaky);
  const red = seen.filter(({ known = [] }) => known.includes(issue.id));
  const closing = green.filter((observation) => {
    const nights = daysOf(nightsOf(evidence, observation)).slice(0, policy.known.greens);
    return nights.length === policy.known.greens && nights.every(({ status }) => status === 'passed');
  });
  const standing = standingOf(issue, today, policy.known.days);
  const ids = (many: readonly Observation[]) => [...new Set(many.map(({ cell }) => cell.id))].toSorted();

  return {
    issue,
    state: red.length > 0 || green.length === 0 ? shownAs(standing) : greenAs(closing.length === seen.length),
    red: ids(red),
    green: ids(green),
  };
}

function shownAs(standing: Standing): IssueState['state'] {
  return standing === 'valid' ? 'open' : standing;
}

function greenAs(isClosed: boolean): IssueState['state'] {
  return isClosed ? 'closed' : 'fixed';
}
