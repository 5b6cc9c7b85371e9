import { isAnchored } from './anchor.ts';
import { blocked } from './blocked.ts';
import type { CellId } from './cell.ts';
import type { Evidence } from './evidence.ts';
import { degraded, lessened } from './lessened.ts';
import { neverLookedAt } from './never-looked-at.ts';
import type { Policy } from './policy.ts';
import { besides, faultOf, isConfirmed, isExcused, knownAs, type Red, redOnes, tell } from './reds.ts';
import { silence } from './silence.ts';
import type { StackId } from './stack.ts';
import type { Word } from './support.ts';
import { lackOf } from './supported.ts';
import type { Witness } from './witness.ts';

/** What the cells of one stack come to, before age and life cycle are looked at. */
export interface Verdict {
  readonly word: Word;
  readonly reason: string;
  readonly cell?: CellId;
}

/** The cells of one stack, by what they count for. */
export interface Bench {
  readonly stack: StackId;
  /** Kata's among them as far as they were run. */
  readonly required: readonly Witness[];
  readonly optional: readonly Witness[];
  /** Kata's required ones, run or not: `supported` takes them all. */
  readonly kata: readonly Witness[];
  /** What was seen after a boot. */
  readonly cold: Witness;
}

/** What a verdict is made by, beside the stack's own cells. */
export interface Law {
  /** Everything that was seen: it shows the host's innocence, and how it was on other nights. */
  readonly all: Evidence;
  readonly policy: Policy;
  /** ISO date. */
  readonly today: string;
  readonly rolling: boolean;
}

/** A row answers, or leaves the case to the next one. */
type Rule = (witnesses: readonly Witness[], law: Law) => Verdict | undefined;

/**
 * The first rule that answers decides. Their order is the policy's: what is known, a proven red before a doubtful one,
 * doubt before praise.
 */
const rules: readonly Rule[] = [notPackaged, known, broken, unproven, blocked, untold, degraded];

/** Judges one stack by its required cells, then by those that are not. */
export function judge(bench: Bench, law: Law): Verdict {
  const { required, optional, kata } = bench;
  const unseen = neverLookedAt(bench);
  if (unseen) {
    return unseen;
  }
  for (const rule of rules) {
    const verdict = rule(required, law);
    if (verdict) {
      return verdict;
    }
  }
  const less = lessened(optional, law);
  if (less) {
    return less;
  }

  const green = `all ${required.length} required cells are green`;
  if (!kata.some(({ observation }) => observation?.attempts.length)) {
    return { word: 'capable', reason: green };
  }
  const lack = lackOf(bench, law);
  return lack === undefined
    ? { word: 'supported', reason: `${green}, ${law.policy.supported.nights} nights in a row` }
    : { word: 'capable', reason: `${green}, and it would be more, but ${lack}` };
}

function notPackaged(witnesses: readonly Witness[], { policy }: Law): Verdict | undefined {
  for (const { cell, observation } of witnesses) {
    const outcome = observation?.outcome;
    if (outcome?.status === 'skipped' && outcome.because.startsWith(policy.notPackaged)) {
      return { word: 'not-packaged', reason: outcome.because, cell };
    }
  }
  return undefined;
}

/** Every red is known, and its issue is confirmed and not expired: no second clone and no anchor are asked for. */
function known(witnesses: readonly Witness[], law: Law): Verdict | undefined {
  const reds = redOnes(witnesses).map((red) => ({ ...red, issues: knownAs(red, law) }));
  const [first] = reds;
  if (!first || !reds.every(({ issues }) => isExcused(issues))) {
    return undefined;
  }
  const reason = `${tell(first.observation, first.outcome)}${besides(first.issues)}`;
  return { word: 'known-issue', reason, cell: first.cell };
}

function broken(witnesses: readonly Witness[], law: Law): Verdict | undefined {
  const proven = unexcused(witnesses, law).find(
    ({ observation }) => isConfirmed(observation, law.policy) && isAnchored(observation, law.all, law.policy),
  );
  if (!proven) {
    return undefined;
  }
  const { cell, observation, outcome } = proven;
  const reason = `${tell(observation, outcome)}; ${faultOf(observation)}${besides(knownAs(proven, law))}`;
  return { word: 'broken', reason, cell };
}

function unproven(witnesses: readonly Witness[], law: Law): Verdict | undefined {
  const [red] = unexcused(witnesses, law);
  if (!red) {
    return undefined;
  }

  const told = tell(red.observation, red.outcome);
  const doubt = isConfirmed(red.observation, law.policy)
    ? "but no other release was seen green there on this host, so it may be the host's"
    : `but on fewer than ${law.policy.confirmations} fresh clones`;
  return { word: 'unknown', reason: `${told}; ${doubt}${besides(knownAs(red, law))}`, cell: red.cell };
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

function unexcused(witnesses: readonly Witness[], law: Law): readonly Red[] {
  return redOnes(witnesses).filter((red) => !isExcused(knownAs(red, law)));
}
