import { ProcessOutput } from 'zx';
import type { CellId } from '../domain/cell.ts';
import type { Errored, Outcome, Phase } from '../domain/outcome.ts';
import { BootFailed, OutputFlood, TransportError } from '../machine/faults.ts';
import type { Judgement } from '../machine/judgement.ts';
import { LimitReached, limitedBy } from '../machine/limit.ts';
import type { Machine } from '../machine/machine.ts';
import { describe, nameOf } from './describe.ts';

/** A machine's `spawn` keeps this exit status for itself. */
const transportStatus = 255;
/** For a machine to say that it is there, on hardware of speed 1. */
const answerSeconds = 10;
/** The same for one whose kernel has panicked: that it does not has to be seen all the same. */
const lastAnswerSeconds = 2;

/** What a scenario's end by an exception says, on a machine that may or may not still be there. */
export async function lookAt(
  error: unknown,
  machine: Machine,
  factor: number,
  signal: AbortSignal,
  step?: string,
  control?: CellId,
): Promise<Outcome> {
  if (nameOf(error) === 'ControlFailed' && control !== undefined) {
    const outcome = await lookAt((error as Error).cause, machine, factor, signal, step);
    return outcome.status === 'failed'
      ? { status: 'blocked', by: control, message: `${step}: ${outcome.message}` }
      : outcome;
  }
  if (nameOf(error) === 'Skip') {
    return { status: 'skipped', because: (error as Error).message };
  }
  if (isOurs(error)) {
    return farmErred(error, 'execute', step);
  }
  const cut = isTransport(error);
  const answers = !(await isLost(machine, factor, signal));
  // A failure is the distro's only while its machine still answers, and the way to it holds.
  if (answers && !cut) {
    return { status: 'failed', ...(step && { step }), ...describe(error) };
  }
  return lostOutcome({ answers, judgement: await machine.judge(), error, step });
}

/** Whether a machine answers nothing any more. */
export async function isLost(machine: Machine, factor: number, signal: AbortSignal): Promise<boolean> {
  const { panic } = await machine.judge();
  const seconds = panic === undefined ? answerSeconds : lastAnswerSeconds;
  const limit = limitedBy(signal, seconds * factor, `${machine.name} to answer`);
  return !(await machine.answers(limit));
}

export interface Loss {
  /** Whether the machine itself still answers: then only the way to it is lost. */
  readonly answers: boolean;
  readonly judgement: Judgement;
  readonly error: unknown;
  readonly step?: string | undefined;
}

/**
 * What it means that a machine is lost under a scenario: the farm's trouble, unless its kernel panicked and nothing of
 * the farm's explains it, such as a QEMU that was killed. Pure.
 */
export function lostOutcome({ answers, judgement, error, step }: Loss): Outcome {
  const { fatal, farm, panic, last } = judgement;
  const { message: ended } = describe(error);
  const words = !answers && last !== undefined ? [`its console said last: ${last}`] : [];
  if (!answers && panic !== undefined && farm.length === 0) {
    const detail = [...(ended === panic ? [] : [ended]), ...words].join('\n');
    return { status: 'failed', ...(step && { step }), class: 'machine-panic', message: panic, detail };
  }
  const lost = answers ? 'the connection to the machine' : 'the machine';
  const seen = [...farm, ...fatal];
  const because = seen.length > 0 ? `: ${seen.join('; ')}` : '';
  return {
    status: 'errored',
    phase: 'execute',
    message: `${lost} was lost${step ? ` at "${step}"` : ''}${because}`,
    detail: [ended, ...words].join('\n'),
  };
}

/** The way to the machine broke under a command or a copy. */
function isTransport(error: unknown): boolean {
  if (error instanceof ProcessOutput) {
    return error.exitCode === null || error.exitCode === transportStatus;
  }
  return error instanceof TransportError;
}

/** Not a word on what was tested: a limit of ours, this host's disk, or a mistake in the scenario's own code. */
function isOurs(error: unknown): boolean {
  const mistakes = [TypeError, RangeError, SyntaxError, ReferenceError, LimitReached, OutputFlood];
  return (
    nameOf(error) === 'FarmError' || isOfThisHost(error) || mistakes.some((kind) => error instanceof kind)
  );
}

/** A system call of our own process that was refused: a full disk under a copy out of the machine, say. */
function isOfThisHost(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'errno' in error;
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
