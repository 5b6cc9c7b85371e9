import type { Observation } from '../../domain/evidence.ts';

export function isVerdict({ outcome }: Observation): boolean {
  return outcome?.status === 'passed' || outcome?.status === 'failed';
}

/**
 * Of each cell what a machine showed last, verdicts before all else: with an earlier Kata it may have been otherwise, and what
 * a container showed says nothing of a VMM.
 */
export function latestOf(observations: readonly Observation[]): readonly Observation[] {
  const machines = observations.filter(({ basis }) => basis !== 'userspace');
  const byTime = (a: Observation, b: Observation) => Number(a.at > b.at) - Number(a.at < b.at);
  return [...Map.groupBy(machines, ({ cell }) => cell.id).values()].flatMap((same) => {
    const sorted = same.toSorted(byTime);
    return sorted.findLast(isVerdict) ?? sorted.at(-1) ?? [];
  });
}
