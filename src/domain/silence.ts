import type { Observation } from './evidence.ts';

/** Why a cell says nothing, as the rest of a sentence about it; undefined where it says something. */
export function silence(observation: Observation | undefined): string | undefined {
  if (!observation) {
    return 'was never run';
  }
  const { outcome, run } = observation;
  switch (outcome?.status) {
    case undefined:
      return `is missing: planned in ${run} and not run`;
    case 'errored':
      return `errored, by the farm's own fault (${outcome.phase}): ${outcome.message}`;
    case 'skipped':
      return `was skipped: ${outcome.because}`;
    case 'passed':
      return outcome.flaky ? 'is only flaky: red on one clone, green on the next' : undefined;
    case 'failed':
    case 'blocked':
      return undefined;
    default:
      return outcome satisfies never;
  }
}
