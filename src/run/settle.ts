import type { Outcome } from '../domain/outcome.ts';

/**
 * Tries until a verdict stands. A red is confirmed once on a second machine: red twice is `failed`, red then green is
 * a pass that is marked flaky. So is a control that failed on the cell's own machine, which makes it `blocked`. The farm's own trouble is tried again as often as is allowed, and settles nothing.
 */
export async function settle(
  attempt: (number: number) => Promise<Outcome>,
  retries: number,
  pause: (number: number) => Promise<void>,
): Promise<Outcome> {
  const seen = { failed: 0, blocked: 0 };
  let errors = 0;

  for (let number = 1; ; number++) {
    const outcome = await attempt(number);
    switch (outcome.status) {
      case 'passed':
        return seen.failed + seen.blocked > 0 ? { ...outcome, flaky: true } : outcome;
      case 'failed':
        seen.failed += 1;
        if (seen.failed === 2) {
          return outcome;
        }
        break;
      case 'errored':
        if (errors === retries) {
          return outcome;
        }
        errors += 1;
        await pause(errors);
        break;
      case 'blocked':
        seen.blocked += 1;
        if (seen.blocked === 2 || outcome.message === undefined) {
          return outcome;
        }
        break;
      case 'skipped':
        return outcome;
      default:
        return outcome satisfies never;
    }
  }
}
