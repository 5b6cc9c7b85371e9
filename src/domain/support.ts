import type { CellId } from './cell.ts';
import type { DistroId } from './distro.ts';
import { type Basis, isHardware } from './evidence.ts';
import type { Status } from './outcome.ts';
import type { Variant } from './plan.ts';
import { policy } from './policy.ts';
import type { Facts } from './result.ts';
import type { StackId } from './stack.ts';

/** What is published of a release and a stack, from best to worst: a release's headline is its best. */
export const words = [
  'supported',
  'capable',
  'degraded',
  'known-issue',
  'broken',
  'blocked',
  'unknown',
  'not-packaged',
  'eol',
] as const;
export type Word = (typeof words)[number];

/** One published word, and everything it leads back to. */
export interface Support {
  readonly release: DistroId;
  readonly stack: StackId;
  readonly word: Word;
  /** What the cells say of a release that is past its end. */
  readonly tested?: Word;
  /** What a stale word was. */
  readonly was?: Word;
  /** One line: the deciding cell and what it said. */
  readonly reason: string;
  /** The deciding cell; missing where all of them decided together. */
  readonly cell?: CellId;
  /** The worst that the word rests on; missing where nothing was run for it. */
  readonly basis?: Basis;
  /** ISO dates of the newest and the oldest observation behind the word; missing where there is none. */
  readonly newest?: string;
  readonly oldest?: string;
  /** By the release's kind: fresh, ageing, or too old to say anything. */
  readonly age?: 'fresh' | 'ageing' | 'stale';
  /** What the word rests on and is older than what is there by now, in words; missing: nothing. */
  readonly outdated?: readonly string[];
  /** Versions and digests that the cells behind the word recorded. */
  readonly versions: Facts;
  readonly behind: readonly Behind[];
}

/** A cell of the policy, as it counts for a word. */
export interface Behind {
  readonly cell: CellId;
  /** It is not required; shown only where it was planned. */
  readonly optional?: true;
  readonly status: BehindStatus;
  /** Missing: no run ever planned it. */
  readonly observed?: Glance;
  /** A newer observation on a worse basis, which doesn't speak yet. */
  readonly newer?: Glance & { readonly status: BehindStatus };
}

export interface Glance {
  readonly run: string;
  readonly variant?: Variant;
  readonly at: string;
  readonly basis: Basis;
}

/** `missing`: planned and not run; `unplanned`: never asked for; `flaky`: red, then green. */
export type BehindStatus = Status | 'flaky' | 'missing' | 'unplanned';

/** The word as people read it: `capable (emulated, outdated)`, `eol (tested: broken)`, `unknown (was works)`. */
export function printed({
  word,
  tested,
  was,
  basis,
  outdated,
}: Pick<Support, 'word' | 'tested' | 'was' | 'basis' | 'outdated'>): string {
  if (tested) {
    return `${word} (tested: ${printed({ word: tested, ...(basis && { basis }) })})`;
  }
  if (was) {
    return `${word} (was ${readable(was)})`;
  }
  const marks = [
    ...(isGood(word) && basis && !isHardware(basis) ? ['emulated'] : []),
    ...(outdated ? ['outdated'] : []),
  ];
  return marks.length > 0 ? `${readable(word)} (${marks.join(', ')})` : readable(word);
}

/** The word itself: nobody is told that something is supported before those who would support it say so. */
function readable(word: Word): string {
  return word === 'supported' && !policy.adopted ? 'works' : word;
}

/** Whether the word tells a reader to go ahead. */
export function isGood(word: Word): boolean {
  return word === 'supported' || word === 'capable' || word === 'degraded';
}

/** The word that the cells alone give, life cycle apart. */
export function testedWord({ word, tested }: Pick<Support, 'word' | 'tested'>): Word {
  return tested ?? word;
}

/** The best of a release's words; of equal ones the first. */
export function bestOf(support: readonly Support[]): Support | undefined {
  const rank = (one: Support) => words.indexOf(testedWord(one));
  return support.toSorted((a, b) => rank(a) - rank(b))[0];
}
