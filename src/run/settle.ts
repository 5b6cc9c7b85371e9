import type { Outcome } from '../domain/outcome.ts';

/**
 * Tries until a verdict stands. A red is confirmed once on a second machine: red twice is `failed`, red then green is
 * a pass that is marked flaky. The farm's own trouble is tried again as often as is allowed, and settles nothing.
 */
export async function settle(
  attempt: (number: number) => Promise<Outcome>,
  retries: number,
  pause: (number: number) => Promise<void>,
): Promise<Outcome> {
  let red: Outcome | undefined;
  let errors = 0;

  for (let number = 1; ; number++) {
    const outcome = await attempt(number);
    switch (outcome.status) {
      case 'passed':
        return red ? { ...outcome, flaky: true } : outcome;
      case 'failed':
        if (red) {
          return outcome;
        }
        red = outcome;
        break;
      case 'errored':
        if (errors === retries) {
          return outcome;
        }
        errors += 1;
        await pause(errors);
        break;
      case 'blocked':
        // Where the control failed on the cell's own machine, it is confirmed as any red is.
        if (red || outcome.message === undefined) {
          return outcome;
        }
        red = outcome;
        break;
      case 'skipped':
        return outcome;
      default:
        return outcome satisfies never;
    }
  }
}
