import type { Component, SwapPart, Trial } from '../domain/finding.ts';
import { kataLimits } from '../domain/kata-limits.ts';
import { groupOf } from '../domain/scenario.ts';
import type { Case, Next } from './case.ts';
import { patterns } from './classes.ts';
import type { FailureClass } from './failure-class.ts';
import type { Known } from './known.ts';
import { found } from './make-finding.ts';
import { resolve } from './resolve.ts';
import { type Swapped, swapsIn } from './swaps.ts';

/** The part of which a component is the maker. */
const partOf: Readonly<Partial<Record<Component, SwapPart>>> = {
  'distro-vmm': 'vmm',
  'kata-vmm': 'vmm',
  'distro-virtiofsd': 'virtiofsd',
  'container-stack': 'engine',
  kata: 'kata',
};

const denials: ReadonlySet<string> = new Set(['apparmor', 'selinux-avc', 'selinux-label']);

/** What is left: the decision table, or `unknown`. */
export function ofTable(one: Case, kind: Known, trials: readonly Trial[]): Next {
  const red = swapsIn(trials).filter(({ came }) => came === 'red');
  const because = red.map(({ by }) => `with ${by} it is red as well`);
  const { row } = kind;
  const slow = limitOf(one, row);
  if (slow !== undefined) {
    return found(one, kind, {
      component: 'farm',
      confidence: 'table',
      because: [...because, slow],
      class: 'slow',
    });
  }
  if (!row) {
    return found(one, kind, {
      component: 'unknown',
      because: [...because, 'of no kind that anybody has met'],
    });
  }
  const { component, because: why, class: closer } = resolve(row.blame, one, row);
  const against = speaksAgainst(component, one, swapsIn(trials));
  if (against !== undefined) {
    return found(one, kind, { component: 'unknown', because: [...because, why, against], class: closer });
  }
  const isByWords = groupOf(one.cell.scenario) === 'kata' || groupOf(one.cell.scenario) === 'mapping';
  const confidence = isByWords && one.siblings.length === 0 ? 'fingerprint' : 'table';
  return found(one, kind, { component, confidence, because: [...because, why], class: closer });
}

/** A limit of Kata's that is fixed, on a machine slower than hardware, where nothing closer is known. */
function limitOf({ outcome, speed }: Case, row: FailureClass | undefined): string | undefined {
  const said = `${outcome.message}\n${outcome.detail ?? ''}`;
  const limit = kataLimits.find(({ says }) => says.test(said));
  const isSlow = speed !== 'kvm' && speed !== 'kvm-nested';
  return limit && isSlow && (!row || row.symptom)
    ? `Kata waits no longer than ${limit.seconds} s for ${limit.what}, and this machine is emulated`
    : undefined;
}

/** Why the table may not name somebody: another part in the place of theirs does the same, or a policy was in the way. */
function speaksAgainst(component: Component, one: Case, swaps: readonly Swapped[]): string | undefined {
  const part = partOf[component];
  if (part === undefined) {
    return undefined;
  }
  const kind = one.outcome.status === 'failed' ? one.outcome.class : undefined;
  const same = swaps.find((swap) => swap.part === part && swap.came === 'red' && swap.class === kind);
  if (same) {
    return `${same.by} in its place fails in the same way`;
  }
  const isDenied = patterns.some(
    ({ class: id, match }) => denials.has(id) && one.lines.some(({ text }) => match.test(text)),
  );
  const isCleared = swaps.some((swap) => swap.part === 'lsm' && swap.came === 'red');
  return isDenied && !isCleared
    ? 'a security module denied something, and it was not tried without'
    : undefined;
}
