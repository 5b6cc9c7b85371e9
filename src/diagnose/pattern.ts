/** Words by which a kind of failure is known. One row is all that a new one takes. */
export interface FailurePattern {
  /** A class's id: `qemu-device-missing`. */
  readonly class: string;
  readonly match: RegExp;
  /** The file that prints it, with its project: `kata-containers 4.1.0 src/runtime-rs/...`. */
  readonly prints: string;
  /** The words name their class only where this facility was found red. */
  readonly confirm?: string;
  /** Only in these scenarios: `host.*`; in all unless given. */
  readonly cells?: string;
}

/** Several patterns of the same origin, a row each: class, words, and what else is to be said of them. */
export function printedBy(
  prints: string,
  rows: readonly (Omit<FailurePattern, 'prints'> & { readonly prints?: string })[],
): readonly FailurePattern[] {
  return rows.map((row) => ({ prints, ...row }));
}
