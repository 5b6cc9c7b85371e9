import type { CellId } from './cell.ts';
import type { Observation } from './evidence.ts';
import type { Failed } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { Witness } from './witness.ts';

/** A cell that failed, with what was seen of it. */
interface Red {
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

/** Whether it was red on as many fresh clones as the policy asks for. */
export function isConfirmed({ attempts }: Observation, policy: Policy): boolean {
  return attempts.filter((status) => status === 'failed').length >= policy.confirmations;
}

/** What failed, where, and how, in one line. */
export function tell({ cell }: Observation, { step, message }: Failed): string {
  return step ? `${cell.scenario} failed at '${step}': ${message}` : `${cell.scenario} failed: ${message}`;
}
