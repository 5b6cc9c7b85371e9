import type { Finding } from './finding.ts';
import type { Failed } from './outcome.ts';
import { withoutFigures } from './text.ts';

/**
 * Whether two failures are one, as far as can be told: they failed in the same step and are of one class or, where one of
 * them has none, said the same, figures aside.
 */
export function isSameFailure(
  before: Failed,
  found: Finding | undefined,
  now: Failed,
  finding: Finding | undefined,
): boolean {
  const classes = [before.class ?? found?.class, now.class ?? finding?.class];
  if (before.step !== now.step) {
    return false;
  }
  return classes.every((one) => one !== undefined)
    ? classes[0] === classes[1]
    : withoutFigures(before.message) === withoutFigures(now.message);
}
