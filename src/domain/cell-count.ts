import type { Cell } from './cell.ts';
import type { DistroId } from './distro.ts';
import { outcomeOf, type Run } from './run.ts';
import { isMeant } from './scenario.ts';

/** How many cells have to be executed: `kata.uname>=1 per distro`. Cells that passed or failed are counted. */
export interface CellCount {
  /** As it was said. */
  readonly words: string;
  /** Over scenarios. */
  readonly glob: string;
  readonly operator: '>=' | '<=' | '>' | '<' | '=';
  readonly count: number;
  /** Of each release of the run by itself, rather than of all together. */
  readonly perDistro: boolean;
}

/** What a run falls short of, in words, with the releases that lack something. */
export function unmet(run: Run, expected: readonly CellCount[]): readonly string[] {
  return expected.flatMap((one) => shortfall(run, one) ?? []);
}

/** What is remarkable about a run that came to far fewer verdicts than the last one like it; undefined: nothing. */
export function fewerThan(
  run: Pick<Run, 'id'> & { readonly executed: number },
  before: { readonly id: string; readonly executed: number },
): string | undefined {
  return run.executed < before.executed * 0.9
    ? `${run.id} has ${run.executed} executed cells, and ${before.id}, the last one published by the same command, has ${before.executed}`
    : undefined;
}

function shortfall(run: Run, expected: CellCount): string | undefined {
  const { words, glob, perDistro } = expected;
  const planned = [
    ...run.plan.batches.flatMap(({ cells }) => cells),
    ...run.plan.skipped.map(({ cell }) => cell),
  ];
  if (!planned.some(({ scenario }) => isMeant(scenario, glob))) {
    return `${words}: ${glob} means no scenario of this run`;
  }

  const meant = executed(run).filter(({ scenario }) => isMeant(scenario, glob));
  const counts = releasesOf(run).map(
    (release) => [release, meant.filter(({ distro }) => distro === release).length] as const,
  );
  if (!perDistro) {
    const each = counts.map(([release, count]) => `${release} ${count}`).join(', ');
    return holds(expected, meant.length) ? undefined : `${words}: ${meant.length} executed (${each})`;
  }
  const missing = counts.filter(([, count]) => !holds(expected, count));
  const each = missing.map(([release, count]) => `${release} has ${count}`).join(', ');
  return missing.length > 0 ? `${words}: ${each}` : undefined;
}

/** Releases that somebody could run at all: one that no provider has machines of is told by its skips. */
function releasesOf({ plan }: Run): readonly DistroId[] {
  return [...new Set(plan.batches.map(({ distro }) => distro))];
}

function executed(run: Run): readonly Cell[] {
  const cells = run.plan.batches.flatMap((batch) => batch.cells);
  return cells.filter(({ id }) => {
    const status = outcomeOf(run, id)?.status;
    return status === 'passed' || status === 'failed';
  });
}

function holds({ operator, count }: CellCount, found: number): boolean {
  switch (operator) {
    case '>=':
      return found >= count;
    case '<=':
      return found <= count;
    case '>':
      return found > count;
    case '<':
      return found < count;
    case '=':
      return found === count;
    default:
      return operator satisfies never;
  }
}
