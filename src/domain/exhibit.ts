import type { Evidence } from './evidence.ts';
import type { EvidenceLine } from './finding.ts';

/** What is published of a red beside its verdict: the reasoning, the lines that speak, and its transcript and console. */
export interface Exhibit {
  /** The cell's id: `RELEASE/STACK/SCENARIO`, with several Katas `RELEASE/STACK~KATA/SCENARIO`. */
  readonly cell: string;
  readonly run: string;
  /** A sentence a step, in order. */
  readonly because: readonly string[];
  readonly evidence: readonly EvidenceLine[];
  /** Below the published folder: what its last attempt left, as text; missing: the run's folder had nothing of it. */
  readonly file?: string;
}

/** What a run's folder shows of a red: an exhibit, and the text that is its file. */
export interface FreshExhibit extends Omit<Exhibit, 'file'> {
  readonly text?: string;
}

/** Two with one key are of the same red. */
export function keyOfExhibit({ run, cell }: Pick<Exhibit, 'run' | 'cell'>): string {
  return `${run} ${cell}`;
}

/** The keys of those reds that words may rest on by now: exhibits of others are not published any longer. */
export function exhibited({ observations }: Pick<Evidence, 'observations'>): ReadonlySet<string> {
  return new Set(
    observations.flatMap(({ run, cell, outcome }) =>
      outcome?.status === 'failed' || outcome?.status === 'errored'
        ? [keyOfExhibit({ run, cell: cell.id })]
        : [],
    ),
  );
}
