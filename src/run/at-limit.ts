import type { Errored, Failed } from '../domain/outcome.ts';
import type { Gone } from './part-watch.ts';
import type { StepLimit } from './run-scenario.ts';

/** How control.runc fared on the machine whose step had run into its limit. */
export type ControlRun =
  | { readonly kind: 'passed'; readonly ms: number }
  | { readonly kind: 'failed'; readonly because: string }
  | { readonly kind: 'none'; readonly because: string };

/** What was found on a machine that still answers, after a step at its limit. */
export interface Sight {
  readonly limit: Pick<StepLimit, 'message' | 'seconds' | 'seen'>;
  readonly step?: string | undefined;
  readonly gone: readonly Gone[];
  /** Asked only where nothing is gone. */
  readonly control?: ControlRun;
  /** What the control took in this run on a machine that did nothing else, in milliseconds. */
  readonly usualMs?: number | undefined;
  readonly factor: number;
}

/** The control is as quick as ever within twice its usual time, and what a busy host adds to so short a time. */
const slowerBy = 2;
const slackMs = 2_000;

/**
 * A step at its limit: a VMM or virtiofsd that is gone is a failure, and so is a hang
 * on a machine that does all else as quickly as ever; anything else may be the farm's slowness. Both reds are confirmed
 * on a second machine, as every red is. Pure.
 */
export function verdictAtLimit({ limit, step, gone, control, usualMs, factor }: Sight): Failed | Errored {
  const at = step === undefined ? {} : { step };
  const [first] = gone;
  if (first) {
    const detail = [limit.message, ...gone.map(({ because }) => because)].join('\n');
    const message = `${first.part} ended, and what waits for it went on for ${Math.round(limit.seconds)} s`;
    return { status: 'failed', ...at, class: `${first.part}-exited`, message, detail };
  }

  const slow = slownessOf(control, usualMs, factor);
  if (slow !== undefined) {
    return { status: 'errored', phase: 'execute', message: limit.message, detail: slow };
  }
  const quick = control?.kind === 'passed' ? secondsOf(control.ms) : '';
  const usual = ` (${secondsOf(usualMs ?? 0)} as a cell of its own)`;
  const said = limit.seen === undefined ? 'without a word' : `seen last: ${limit.seen}`;
  return {
    status: 'failed',
    ...at,
    class: 'hang',
    message: `${step === undefined ? 'a command' : `"${step}"`} hangs: no end within ${Math.round(limit.seconds)} s; ${said}`,
    detail: `on the same machine, after that, control.runc passed in ${quick}${usual}`,
  };
}

/** Why a limit says nothing of what was tested; undefined: it does. */
function slownessOf(
  control: ControlRun | undefined,
  usualMs: number | undefined,
  factor: number,
): string | undefined {
  if (control?.kind !== 'passed') {
    const because = control?.because ?? 'it was not asked';
    return `no verdict, as control.runc does not vouch for the machine: ${because}`;
  }
  if (usualMs === undefined) {
    return 'no verdict, as nothing tells how long control.runc takes on a machine that does nothing else: run it as well';
  }
  if (control.ms > slowerBy * usualMs + slackMs * factor) {
    return `no verdict, as the machine is slow: control.runc took ${secondsOf(control.ms)}, and ${secondsOf(usualMs)} as a cell of its own`;
  }
  return undefined;
}

const secondsOf = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
