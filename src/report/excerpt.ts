/** Lines of a file around those that speak for a finding. */
export interface Excerpt {
  /** Below the run's folder. */
  readonly file: string;
  readonly lines: readonly ExcerptLine[];
  /** Why there is no more than the lines themselves: the file is not there any more. */
  readonly missing?: string;
}

export interface ExcerptLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** It speaks for the finding; the others are around it. */
  readonly speaks: boolean;
}
