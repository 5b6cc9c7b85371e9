import type { Cell, CellId } from './cell.ts';
import { issuesBehind, type KnownIssue, type Standing, standingOf } from './known-issue.ts';
import { packagesIn } from './packages.ts';
import type { Batch } from './plan.ts';
import { policy as current, type Policy } from './policy.ts';
import type { Run } from './run.ts';
import { dayOf } from './run-day.ts';
import { needsKata } from './scenario.ts';

/** A known issue that a failed cell is, with what it is worth on the run's day. */
export interface Known {
  readonly issue: KnownIssue;
  readonly standing: Standing;
}

/** The issues that a cell's failure is, of those that were known when the run began. */
export function knownBehind(run: Run, batch: Batch, cell: Cell): readonly KnownIssue[] {
  const { knownIssues = [] } = run;
  const result = run.results.get(cell.id);
  if (result?.outcome?.status !== 'failed' || knownIssues.length === 0) {
    return [];
  }
  const suspect = {
    cell,
    kata: kataOf(run, cell),
    packages: { ...packagesIn(run.batchFacts.get(batch.id) ?? {}), ...packagesIn(result.facts) },
  };
  const ids = issuesBehind(knownIssues, suspect, result.outcome, result.finding);
  return knownIssues.filter(({ id }) => ids.includes(id));
}

/** The version of the Kata that a cell is run with; undefined where it is not about Kata. */
export function kataOf({ plan }: Pick<Run, 'plan'>, { scenario, kata }: Cell): string | undefined {
  return needsKata({ id: scenario }) ? plan.katas?.find(({ label }) => label === kata)?.version : undefined;
}

/** Of each failed cell that is known: what it is known as. */
export function knownIn(run: Run, { known }: Policy = current): ReadonlyMap<CellId, readonly Known[]> {
  const today = dayOf(run);
  const found = run.plan.batches.flatMap((batch) =>
    batch.cells.map((cell) => {
      const issues = knownBehind(run, batch, cell);
      const told = issues.map((issue) => ({ issue, standing: standingOf(issue, today, known.days) }));
      return [cell.id, told] as const;
    }),
  );
  return new Map(found.filter(([, told]) => told.length > 0));
}

/** Whether one of them excuses the failure that it is: it is confirmed, and not expired. */
export function isExcusing(known: readonly Known[]): boolean {
  return known.some(({ standing }) => standing === 'valid');
}

/** The failed cells that a known issue excuses. */
export function excusedIn(run: Run, policy: Policy = current): ReadonlySet<CellId> {
  const excused = [...knownIn(run, policy)].filter(([, told]) => isExcusing(told));
  return new Set(excused.map(([id]) => id));
}
