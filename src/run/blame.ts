import { ProcessOutput } from 'zx';
import type { Errored, Outcome, Phase } from '../domain/outcome.ts';
import { BootFailed, TransportError } from '../machine/faults.ts';
import { LimitReached } from '../machine/limit.ts';
import type { Machine } from '../machine/machine.ts';

/** As much of an output as is worth reading in a report; the transcript has it all. */
const detailLength = 2_000;
/** A machine's `spawn` keeps this exit status for itself. */
const transportStatus = 255;

/** What a scenario's end by an exception says, on a machine that may or may not still be there. */
export async function lookAt(error: unknown, machine: Machine, step?: string): Promise<Outcome> {
  if (nameOf(error) === 'Skip') {
    return { status: 'skipped', because: (error as Error).message };
  }
  if (isOurs(error)) {
    return farmErred(error, 'execute', step);
  }
  const cut = isTransport(error);
  const answers = await machine.answers();
  // A failure is the distro's only while its machine still answers, and the way to it holds.
  if (answers && !cut) {
    return { status: 'failed', ...(step && { step }), ...describe(error) };
  }
  const { fatal, farm } = await machine.judge();
  const seen = [...fatal, ...farm];
  return {
    status: 'errored',
    phase: 'execute',
    message: `${answers ? 'the connection to the machine' : 'the machine'} was lost${step ? ` at "${step}"` : ''}${seen.length > 0 ? `: ${seen.join('; ')}` : ''}`,
    detail: describe(error).message,
  };
}

/** The way to the machine broke under a command or a copy. */
function isTransport(error: unknown): boolean {
  if (error instanceof ProcessOutput) {
    return error.exitCode === null || error.exitCode === transportStatus;
  }
  return error instanceof TransportError;
}

/** Not a word on what was tested: a limit of ours, or a mistake in the scenario's own code. */
function isOurs(error: unknown): boolean {
  const mistakes = [TypeError, RangeError, SyntaxError, ReferenceError, LimitReached];
  return nameOf(error) === 'FarmError' || mistakes.some((kind) => error instanceof kind);
}

/** A machine that was to boot, and did not: the distro's only where its console says so. */
export function bootOutcome(error: unknown): Outcome {
  if (error instanceof BootFailed && error.seen.length > 0) {
    return { status: 'failed', step: 'boot', message: error.seen.join('; '), detail: error.message };
  }
  return farmErred(error, 'boot');
}

/** Thrown anywhere but in a scenario: ours. */
export function farmErred(error: unknown, phase: Phase, step?: string): Errored {
  const { message, detail } = describe(error);
  return {
    status: 'errored',
    phase,
    message: step ? `${message} (at "${step}")` : message,
    ...(detail && { detail }),
  };
}

function describe(error: unknown): { readonly message: string; readonly detail?: string } {
  if (error instanceof ProcessOutput) {
    const said = (error.stderr.trim() || error.stdout.trim()).slice(-detailLength);
    const last = said.split('\n').at(-1) ?? '';
    const ended = `a command ended with ${error.exitCode ?? error.signal}`;
    return { message: last ? `${last} (${ended})` : ended, ...(said && { detail: said }) };
  }
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  const [message = '', ...rest] = error.message.split('\n');
  const detail = rest.join('\n').trim().slice(0, detailLength);
  return { message, ...(detail && { detail }) };
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : '');
