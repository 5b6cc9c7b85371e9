import type { Component, SwapPart } from '../domain/finding.ts';
import type { Words } from './words.ts';

/**
 * What a class comes down to without a swap: a component; or a rule: by the age of the VMM or virtiofsd against Kata's
 * own, by whether it fails alone, by whose the guest's kernel is, by whether guests in guests were seen to work here
 * (`nesting`: then it is the kernel's; `outer`: then it is not the host's). `unknown`: only a swap names somebody.
 */
export type Blame =
  | Component
  | 'vmm-age'
  | 'vmm-lacks'
  | 'vmm-alone'
  | 'virtiofsd-age'
  | 'virtiofsd-alone'
  | 'handshake'
  | 'program'
  | 'other-program'
  | 'guest-kernel'
  | 'nesting'
  | 'outer';

/** A kind of failure. One row is all that a new one takes. */
export interface FailureClass {
  readonly id: string;
  readonly title: string;
  readonly blame: Blame;
  /** What it takes for somebody to be named, in words. */
  readonly takes: string;
  /** What may be swapped to learn more, where a donor is at hand; `all`: nothing is known that speaks against any. */
  readonly swaps: readonly SwapPart[] | 'all';
  /** It only follows from something: whatever closer is found in the words or lines is the class. */
  readonly symptom?: true;
  /** What it is known by; missing: only who makes the failure names it. */
  readonly words?: readonly Words[];
}

/** Words of a class. A row of their own where they stand before or after what the class's own row is known by. */
export interface FailurePattern extends Words {
  /** A class's id: `qemu-device-missing`. */
  readonly class: string;
}

/** A row of the table: a class with the words that it is known by, or further words of one. */
export type Row = FailureClass | FailurePattern;

/** Rows that share what is said after their titles. */
export function alike(
  rest: Omit<FailureClass, 'id' | 'title'>,
  rows: readonly (readonly [id: string, title: string])[],
): readonly FailureClass[] {
  return rows.map(([id, title]) => ({ id, title, ...rest }));
}
