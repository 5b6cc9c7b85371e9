import type { CellId } from './cell.ts';
import type { NightState, Red } from './chronicle.ts';
import type { Outcome } from './outcome.ts';

/** What a night's state was as an outcome, in brief; undefined: it was never run to its end. */
export function outcomeAs(status: NightState['status'], red: Red | undefined): Outcome | undefined {
  const { message = '', step, class: kind = red?.finding?.class } = red ?? {};
  switch (status) {
    case 'passed':
      return { status };
    case 'flaky':
      return { status: 'passed', flaky: true };
    case 'failed':
      return {
        ...{ status, message },
        ...(step !== undefined && { step }),
        ...(kind !== undefined && { class: kind }),
      };
    case 'errored':
      return { status, phase: red?.phase ?? 'execute', message };
    case 'blocked':
      return { status, by: (red?.by ?? 'its control') as CellId, ...(message !== '' && { message }) };
    case 'skipped':
      return { status, because: message };
    case 'missing':
    case 'absent':
      return undefined;
    default:
      return status satisfies never;
  }
}
