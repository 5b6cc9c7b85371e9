import type { Cell } from './cell.ts';
import { type Known, knownIn } from './excused.ts';
import type { Finding } from './finding.ts';
import type { Outcome } from './outcome.ts';
import type { Run } from './run.ts';

/** A cell of one side of a comparison, and what came of it there. */
export interface Compared {
  readonly cell: Cell;
  /** Missing: planned, and never run to its end. */
  readonly outcome?: Outcome;
  readonly finding?: Finding;
  /** The known issues that its failure is, whatever they are worth on the run's day. */
  readonly known?: readonly Known[];
  /** How its machine was had, and on what, in words: cells of two manners can't be compared. Missing: it doesn't matter. */
  readonly manner?: string;
}

/** One side: the cells of a run that are meant, those that its planner skipped among them. */
export function comparedIn(run: Run, isMeant: (cell: Cell) => boolean = () => true): readonly Compared[] {
  const planned = run.plan.batches.flatMap(({ cells }) => cells).filter(isMeant);
  const issues = knownIn(run);
  const skipped = run.plan.skipped.filter(({ cell }) => isMeant(cell));
  return [
    ...planned.map((cell): Compared => {
      const { outcome, finding } = run.results.get(cell.id) ?? {};
      const known = issues.get(cell.id);
      return {
        cell,
        ...(outcome && { outcome }),
        ...(finding && { finding }),
        ...(known && { known }),
      };
    }),
    ...skipped.map(({ cell, because }): Compared => ({ cell, outcome: { status: 'skipped', because } })),
  ];
}
