import { type Cell, cellOf } from '../domain/cell.ts';
import type { Outcome, Phase } from '../domain/outcome.ts';
import { LimitReached } from '../machine/limit.ts';
import { within } from '../machine/limits.ts';
import { farmErred, isLost, lookAt, lostOutcome } from './blame.ts';
import { type Control, controlId, lookAtLimit } from './look-at-limit.ts';
import { PartWatch } from './part-watch.ts';
import { type Casting, ControlFailed, type Course, runScenario, StepLimit, stepOf } from './run-scenario.ts';

export interface Execution extends Omit<Casting, 'parts'> {
  /** Who times the phases; unless given, nobody. */
  readonly during?: <T>(phase: Phase, body: () => Promise<T>) => Promise<T>;
  /** What tells a hang from a slow machine; missing: nothing does. */
  readonly control?: Control | undefined;
}

/** Runs one scenario on a machine that is up, and says what came of it. Rejects only when the run is interrupted. */
export async function execute(execution: Execution): Promise<Outcome> {
  const { scenario, cell, distro, machine, transcript, signal, during = untimed } = execution;
  const parts = new PartWatch(machine, distro, cell, scenario);
  const course: Course = { step: undefined, failedAt: new WeakMap(), degraded: [] };

  const ended = await during('execute', async () => {
    try {
      await runScenario({ ...execution, parts }, course);
      return { outcome: await passed(execution, course) };
    } catch (error) {
      return { error };
    }
  });
  signal.throwIfAborted();
  if (ended.outcome) {
    return ended.outcome;
  }

  const outcome = await during('diagnose', () => diagnose(ended.error, { ...execution, parts }, course));
  signal.throwIfAborted();
  transcript.say('message' in outcome ? `${outcome.status}: ${outcome.message}` : outcome.status);
  return outcome;
}

/** The cell that stands for the machine's soundness. */
const controlCell = ({ distro }: Cell) => cellOf(distro, 'runc', controlId).id;

/** A control's error is what went wrong in it. */
const causeOf = (error: unknown) => (error instanceof ControlFailed ? error.cause : error);

const untimed = <T>(_phase: Phase, body: () => Promise<T>) => body();

async function passed({ machine }: Execution, { degraded }: Course): Promise<Outcome> {
  const { fatal, farm } = await machine.judge();
  if (fatal.length > 0) {
    return { status: 'failed', step: 'the console afterwards', message: fatal.join('; ') };
  }
  if (farm.length > 0) {
    return { status: 'errored', phase: 'execute', message: farm.join('; ') };
  }
  return { status: 'passed', ...(degraded.length > 0 && { degraded }) };
}

/** Looks before it speaks, within a limit of its own. */
async function diagnose(error: unknown, casting: Casting & Execution, course: Course): Promise<Outcome> {
  const { machine, factor, cell, control } = casting;
  const what = `a look at ${machine.name} after ${cell.id}`;
  try {
    return await within({ phase: 'diagnose', what, factor }, casting.signal, async (signal) => {
      if (!(error instanceof StepLimit)) {
        return await lookAt(
          error,
          machine,
          factor,
          signal,
          stepOf(course, causeOf(error)),
          controlCell(cell),
        );
      }
      return (await isLost(machine, factor, signal))
        ? lostOutcome({
            answers: false,
            judgement: await machine.judge(),
            error,
            step: stepOf(course, error),
          })
        : await lookAtLimit(error, { ...casting, signal }, control, course);
    });
  } catch (fault) {
    casting.signal.throwIfAborted();
    // What was seen in the scenario is not hidden by what went wrong with the look at it.
    const { message } = farmErred(
      error,
      'execute',
      error instanceof StepLimit ? undefined : stepOf(course, error),
    );
    const why =
      fault instanceof LimitReached ? fault.message : `cannot look any closer: ${(fault as Error).message}`;
    return { status: 'errored', phase: 'diagnose', message: `${message}; ${why}` };
  }
}
