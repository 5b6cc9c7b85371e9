import type { Difference, Differences } from './difference.ts';

/**
 * What of a comparison fails a command. `new-failure`: something is red that was not, and no known issue excuses it. `failure`: anything
 * is red now, known or not. `change`: anything is not as it was. `never`: nothing does.
 */
export const failures = ['new-failure', 'failure', 'change', 'never'] as const;
export type FailOn = (typeof failures)[number];

export interface Strictness {
  /** Cells that can't be compared, that one side lacks or that were not run on it, count. */
  readonly strict?: boolean | undefined;
  readonly failOn?: FailOn | undefined;
}

/** 1: something failed, as `failOn` has it. 3: nothing could be compared or, strictly, not everything. */
export function exitOf(
  { all, counts, compared }: Differences,
  { strict = false, failOn = 'new-failure' }: Strictness = {},
): 0 | 1 | 3 {
  if (all.some((one) => isFailing(one, failOn))) {
    return 1;
  }
  const open = counts['not-comparable'] + counts['not-run'] + counts.new + counts.gone;
  return compared === 0 || (strict && open > 0) ? 3 : 0;
}

function isFailing({ kind, run }: Difference, failOn: FailOn): boolean {
  switch (failOn) {
    case 'new-failure':
      return kind === 'new-red';
    case 'failure':
      return run?.status === 'failed';
    case 'change':
      return !['same', 'still-red', 'not-comparable', 'not-run'].includes(kind);
    case 'never':
      return false;
    default:
      return failOn satisfies never;
  }
}
