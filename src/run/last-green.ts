import type { CellId } from '../domain/cell.ts';
import type { BatchId } from '../domain/plan.ts';
import type { Told } from './counting-lines.ts';

/** What a cell said when it was green last, before this run. */
export interface LastGreen {
  readonly run: string;
  readonly told: readonly Told[];
}

/** Asked of a red cell, and of no other; a batch's id says on which kind of machine. Undefined: no earlier run tells. */
export type LastGreenOf = (cell: CellId, batch: BatchId) => Promise<LastGreen | undefined>;

/** What a finding says of the lines that were left out for it. */
export function lastGreenWords(cell: CellId, { run }: LastGreen): string {
  return `no line counts that ${cell} said in ${run} as well, where it was green last`;
}
