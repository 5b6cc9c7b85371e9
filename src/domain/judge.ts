import { isAnchored } from './anchor.ts';
import type { CellId } from './cell.ts';
import type { Evidence, Observation } from './evidence.ts';
import type { Policy } from './policy.ts';
import { isConfirmed, redOnes, tell } from './reds.ts';
import type { Word } from './support.ts';
import type { Witness } from './witness.ts';

/** What the cells of one stack come to, before age and life cycle are looked at. */
export interface Verdict {
  readonly word: Word;
  readonly reason: string;
  readonly cell?: CellId;
}

/** A row answers, or leaves the case to the next one. */
type Rule = (witnesses: readonly Witness[], all: Evidence, policy: Policy) => Verdict | undefined;

/** The first rule that answers decides. Their order is the policy's: a proven red before a doubtful one, doubt before praise. */
const rules: readonly Rule[] = [notPackaged, broken, unproven, blocked, untold, degraded];

/** Judges one stack by its required cells, then by those that are not. `all` holds what shows the host's innocence. */
export function judge(
  required: readonly Witness[],
  optional: readonly Witness[],
  all: Evidence,
  policy: Policy,
): Verdict {
  for (const rule of rules) {
    const verdict = rule(required, all, policy);
    if (verdict) {
      return verdict;
    }
  }
  return (
    lessened(optional, policy) ?? {
      word: 'capable',
      reason: `all ${required.length} required cells are green`,
    }
  );
}

/** What no container needs, and a reader should know: named are all such reds, and the first of them decides. */
function lessened(optional: readonly Witness[], policy: Policy): Verdict | undefined {
  const reds = redOnes(optional).filter(({ observation }) => isConfirmed(observation, policy));
  const [first] = reds;
  if (!first) {
    return degraded(optional);
  }
  const told = reds.map(({ observation, outcome }) => tell(observation, outcome));
  return { word: 'degraded', reason: `not required, but ${told.join('; ')}`, cell: first.cell };
}

function notPackaged(witnesses: readonly Witness[], _all: Evidence, policy: Policy): Verdict | undefined {
  for (const { cell, observation } of witnesses) {
    const outcome = observation?.outcome;
    if (outcome?.status === 'skipped' && outcome.because.startsWith(policy.notPackaged)) {
      return { word: 'not-packaged', reason: outcome.because, cell };
    }
  }
  return undefined;
}

function broken(witnesses: readonly Witness[], all: Evidence, policy: Policy): Verdict | undefined {
  const proven = redOnes(witnesses).find(
    (red) => isConfirmed(red.observation, policy) && isAnchored(red.observation, all, policy),
  );
  return proven && { word: 'broken', reason: tell(proven.observation, proven.outcome), cell: proven.cell };
}

function unproven(witnesses: readonly Witness[], _all: Evidence, policy: Policy): Verdict | undefined {
  const [red] = redOnes(witnesses);
  if (!red) {
    return undefined;
  }

  const told = tell(red.observation, red.outcome);
  const doubt = isConfirmed(red.observation, policy)
    ? "but no other release was seen green there on this host, so it may be the host's"
    : `but on fewer than ${policy.confirmations} fresh clones`;
  return { word: 'unknown', reason: `${told}; ${doubt}`, cell: red.cell };
}

function blocked(witnesses: readonly Witness[]): Verdict | undefined {
  for (const { cell, observation } of witnesses) {
    const outcome = observation?.outcome;
    if (observation && outcome?.status === 'failed') {
      return {
        word: 'blocked',
        reason: `${tell(observation, outcome)}; what rests on it can't be told`,
        cell,
      };
    }
    if (observation && outcome?.status === 'blocked') {
      return {
        word: 'blocked',
        reason: `${observation.cell.scenario} was blocked by ${outcome.by}`,
        cell: outcome.by,
      };
    }
  }
  return undefined;
}

function untold(witnesses: readonly Witness[]): Verdict | undefined {
  for (const { cell, observation } of witnesses) {
    const reason = silence(observation);
    if (reason) {
      return { word: 'unknown', reason: `${cell.slice(cell.lastIndexOf('/') + 1)} ${reason}`, cell };
    }
  }
  return undefined;
}

function degraded(witnesses: readonly Witness[]): Verdict | undefined {
  for (const { cell, observation } of witnesses) {
    const outcome = observation?.outcome;
    if (observation && outcome?.status === 'passed' && outcome.degraded?.length) {
      const reason = `${observation.cell.scenario} passed, but: ${outcome.degraded.join('; ')}`;
      return { word: 'degraded', reason, cell };
    }
  }
  return undefined;
}

/** Why a cell says nothing; undefined where it does. */
function silence(observation: Observation | undefined): string | undefined {
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
      return outcome.flaky && 'is only flaky: red on one clone, green on the next';
    case 'failed':
    case 'blocked':
      return undefined;
    default:
      return outcome satisfies never;
  }
}
