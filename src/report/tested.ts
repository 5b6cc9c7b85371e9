import { type Cell, placeOf } from '../domain/cell.ts';
import type { DistroId } from '../domain/distro.ts';
import type { Outcome, Status } from '../domain/outcome.ts';
import type { BatchId } from '../domain/plan.ts';
import type { Facts, Result } from '../domain/result.ts';
import type { Run } from '../domain/run.ts';
import { needsKata } from '../domain/scenario.ts';
import { shortOf } from '../domain/shard.ts';
import { type StackId, stacks } from '../domain/stack.ts';

/** A planned cell, and what came of it. */
export interface TestedCell {
  readonly cell: Cell;
  readonly shown: Shown;
  /** Missing: no verdict stands. */
  readonly outcome?: Outcome;
  /** Missing: nothing was ever done about it. */
  readonly result?: Result;
}

/** `missing`: planned, and never run to its end. */
export type Shown = Status | 'missing';

/** In the order in which reports count them. */
export const shownOrder = [
  'passed',
  'failed',
  'errored',
  'missing',
  'blocked',
  'skipped',
] as const satisfies Shown[];

/** The cells of one release and stack, with one Kata. */
export interface TestedStack {
  readonly release: DistroId;
  readonly stack: StackId;
  /** `debian-13/qemu`, `debian-13/qemu~old`: as cells of it are named. */
  readonly place: string;
  readonly batches: readonly BatchId[];
  readonly cells: readonly TestedCell[];
}

/** Everything that was planned or skipped, by release (in the plan's order) and stack (in the order of stacks). */
export function testedStacks(run: Run): readonly TestedStack[] {
  const planned = run.plan.batches.flatMap((batch) =>
    batch.cells.map((cell) => ({ batch: batch.id, tested: testedCell(run, cell) })),
  );
  const skipped = run.plan.skipped.map(({ cell, because }) => ({
    batch: undefined,
    tested: { cell, shown: 'skipped', outcome: { status: 'skipped', because } } satisfies TestedCell,
  }));
  const all = [...planned, ...skipped];
  const releases = [...new Set(all.map(({ tested }) => tested.cell.distro))];

  return releases.flatMap((release) =>
    stacks.flatMap(({ id: stack }) => {
      const own = all.filter(({ tested: { cell } }) => cell.distro === release && cell.stack === stack);
      const byKata = Map.groupBy(own, ({ tested: { cell } }) => placeOf(cell));
      return [...byKata].map(([place, same]) => {
        const batches = [...new Set(same.flatMap(({ batch }) => batch ?? []))];
        return { release, stack, place, batches, cells: same.map(({ tested }) => tested) };
      });
    }),
  );
}

function testedCell(run: Run, cell: Cell): TestedCell {
  const result = run.results.get(cell.id);
  const outcome = result?.outcome;
  return {
    cell,
    shown: outcome?.status ?? 'missing',
    ...(outcome && { outcome }),
    ...(result && { result }),
  };
}

/** What all these cells recorded; of one key, the last cell's. */
export function factsOf(cells: readonly TestedCell[]): Facts {
  return Object.assign({}, ...cells.map(({ result }) => result?.facts ?? {}));
}

/** Why no cell of Kata's was run, where the run was to have some; undefined where there was one, or none was planned. */
export function withoutKata({ plan }: Run): string | undefined {
  const isKata = ({ cell }: { readonly cell: Cell }) => needsKata({ id: cell.scenario });
  return plan.katas && plan.katas.length > 0 ? undefined : plan.skipped.find(isKata)?.because;
}

/** Where a cell's last attempt left its evidence, below the run's folder; undefined where none was made. */
export function evidenceFolder({ cell, result }: TestedCell): string | undefined {
  const last = result?.attempts.at(-1);
  return last && `cells/${cell.id}/${last.number}/`;
}

/** How a run came to its end, where that was not the ordinary one. */
export function endingOf(run: Run): string | undefined {
  const short = run.shards ? shortOf(run.shards) : [];
  if (short.length > 0) {
    return `not whole: ${short.join(', ')}`;
  }
  if (run.interrupted) {
    return `interrupted by ${run.interrupted}`;
  }
  return run.endedAt ? undefined : 'not ended: the farm died, or is still at it';
}
