import type { CellId } from './cell.ts';
import type { Observation } from './evidence.ts';
import type { Known } from './excused.ts';
import type { Law } from './judge.ts';
import { issueWords, standingOf } from './known-issue.ts';
import type { Failed } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { Witness } from './witness.ts';

/** A cell that failed, with what was seen of it. */
export interface Red {
  readonly cell: CellId;
  readonly observation: Observation;
  readonly outcome: Failed;
}

/** Reds that are about the release itself. A control's red blocks what rests on it. */
export function redOnes(witnesses: readonly Witness[]): readonly Red[] {
  return witnesses.flatMap(({ cell, observation }) =>
    observation?.outcome?.status === 'failed' && !observation.cell.scenario.startsWith('control.')
      ? [{ cell, observation, outcome: observation.outcome }]
      : [],
  );
}

/** Whether it was red on as many fresh clones as the policy asks for. A machine that exists has none, however often it was red. */
export function isConfirmed({ attempts, variant }: Observation, policy: Policy): boolean {
  return variant !== 'ssh' && attempts.filter((status) => status === 'failed').length >= policy.confirmations;
}

/** What failed, where, and how, in one line. */
export function tell({ cell }: Observation, { step, message }: Failed): string {
  return step ? `${cell.scenario} failed at '${step}': ${message}` : `${cell.scenario} failed: ${message}`;
}

/** The known issues that a red is, with what they are worth today, as its own run knew them. */
export function knownAs(
  { observation: { run, known = [] } }: Red,
  { all, policy, today }: Law,
): readonly Known[] {
  const issues = all.runs.find(({ id }) => id === run)?.knownIssues ?? [];
  return issues
    .filter(({ id }) => known.includes(id))
    .map((issue) => ({ issue, standing: standingOf(issue, today, policy.known.days) }));
}

/** Whether one of them excuses the red. */
export function isExcused(known: readonly Known[]): boolean {
  return known.some(({ standing }) => standing === 'valid');
}

/** Known issues as they stand beside a red: `; known issue kata-9375 (…)`. */
export function besides(known: readonly Known[]): string {
  return known.map(({ issue, standing }) => `; ${issueWords(issue, standing)}`).join('');
}

/** `whose fault: distro-virtiofsd (swap)`; what nobody looked for is as unknown as what nobody found. */
export function faultOf({ finding }: Observation): string {
  const { component = 'unknown', confidence } = finding ?? {};
  return `whose fault: ${component}${confidence ? ` (${confidence})` : ''}`;
}
