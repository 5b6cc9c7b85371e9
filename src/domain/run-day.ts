import { dateOf } from './days.ts';
import type { Run } from './run.ts';

/** The day that a run's own words are as of. */
export function dayOf(run: Pick<Run, 'startedAt' | 'endedAt' | 'results'>): string {
  const last = [...run.results.values()]
    .flatMap(({ endedAt }) => endedAt ?? [])
    .toSorted()
    .at(-1);
  return dateOf(run.endedAt ?? last ?? run.startedAt);
}
