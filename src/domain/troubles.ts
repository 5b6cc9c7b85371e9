import type { CellId } from './cell.ts';
import type { CellStanding } from './cell-standing.ts';
import { excusedIn } from './excused.ts';
import type { Component } from './finding.ts';
import { outcomeOf, type Run } from './run.ts';

/** Cells that are red for one cause, as far as that is known: what one person mends once, and so one issue. */
export interface Trouble {
  /** The same night after night: `debian-13/distro-virtiofsd/virtiofsd-died`, or a cell's id where no cause is named. */
  readonly key: string;
  /** `new-failing`: none of its cells was ever seen green, so nothing got worse. */
  readonly kind: 'regression' | 'new-failing';
  /** In the plan's order. */
  readonly cells: readonly CellId[];
}

/**
 * What a run says of a cell. `unknown`: no verdict, or none that anything rests on: it was flaky, a known issue, skipped, or
 * not asked for. `gone`: its scenario is no more.
 */
export type CellNow = 'red' | 'green' | 'gone' | 'unknown';

/** Whose failures are the same wherever they are seen: one person mends them for all releases. */
const everywhere: readonly Component[] = ['kata', 'kata-vmm'];

/** Reds that nobody knows of yet, by cause. */
export function troublesOf(
  run: Run,
  standingOf: (cell: CellId) => Pick<CellStanding, 'lastGreen'> | undefined,
): readonly Trouble[] {
  const cellNow = cellsNow(run);
  const red = run.plan.batches.flatMap(({ cells }) => cells).filter(({ id }) => cellNow(id) === 'red');
  const causes = Map.groupBy(red, ({ id, distro }) => {
    const { component, class: kind } = run.results.get(id)?.finding ?? {};
    if (!component || !kind || component === 'unknown') {
      return id;
    }
    return `${everywhere.includes(component) ? 'any' : distro}/${component}/${kind}`;
  });
  return [...causes].map(([key, cells]) => ({
    key,
    kind: cells.some(({ id }) => standingOf(id)?.lastGreen) ? 'regression' : 'new-failing',
    cells: cells.map(({ id }) => id),
  }));
}

/** How each cell is, by this run. */
export function cellsNow(run: Run): (cell: CellId) => CellNow {
  const excused = excusedIn(run);
  const isTold = Object.keys(run.inputs).length > 0;
  return (cell) => {
    const outcome = outcomeOf(run, cell);
    if (outcome?.status === 'failed') {
      return excused.has(cell) ? 'unknown' : 'red';
    }
    if (outcome?.status === 'passed') {
      return outcome.flaky ? 'unknown' : 'green';
    }
    const scenario = cell.split('/').at(-1) ?? '';
    return isTold && run.inputs[scenario] === undefined ? 'gone' : 'unknown';
  };
}
