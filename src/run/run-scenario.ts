import type { Cell } from '../domain/cell.ts';
import type { Distro } from '../domain/distro.ts';
import { TransportError } from '../machine/faults.ts';
import { guestOf } from '../machine/guest.ts';
import { LimitReached, limitedBy, limitFor, untilAborted } from '../machine/limit.ts';
import { scenarioSeconds } from '../machine/limits.ts';
import type { Machine } from '../machine/machine.ts';
import type { LoadedScenario, ScenarioContext } from '../scenario.ts';
import { criOf } from './cri-of.ts';
import { partOf } from './part-of.ts';
import type { PartWatch } from './part-watch.ts';
import { commandGoesOn, type Transcript } from './transcript.ts';

/** A scenario, and the machine that it is for. */
export interface Casting {
  readonly scenario: LoadedScenario;
  readonly cell: Cell;
  readonly distro: Distro;
  readonly machine: Machine;
  readonly factor: number;
  readonly transcript: Transcript;
  readonly fact: (key: string, value: string | number) => Promise<void>;
  readonly signal: AbortSignal;
  /** What scenarios are given to build; missing: nothing. */
  readonly sources?: Readonly<Record<string, string>> | undefined;
  /** Which programs of the distro's run while a step takes long; missing: nobody asks. */
  readonly parts?: PartWatch;
}

/** How far a scenario has come. */
export interface Course {
  /** The step that it is in. */
  step: string | undefined;
  /** Where an error came from: a scenario may have gone on to other steps before it was thrown on. */
  readonly failedAt: WeakMap<object, string>;
  readonly degraded: string[];
}

/** The step that an error came from, else the one that the scenario is in. */
export function stepOf({ step, failedAt }: Course, error: unknown): string | undefined {
  return (typeof error === 'object' && error !== null ? failedAt.get(error) : undefined) ?? step;
}

/** Thrown by `t.skip`; the scenario ends without a verdict. */
export class Skip extends Error {
  override readonly name = 'Skip';
}

/** Thrown by `t.control`: the machine is at fault, so nothing that was seen on it is a verdict. */
export class ControlFailed extends Error {
  override readonly name = 'ControlFailed';
}

/** A step, or a command outside of one, did not end in its time: there is more to be seen before a word is said of it. */
export class StepLimit extends LimitReached {}

/** A kernel that panicked does not answer any more: no limit need be waited for. */
const panicPollMs = 3_000;

/** Runs a scenario to its end; rejects with what it threw, or with what ended it. `course` tells where that was. */
export async function runScenario(casting: Casting, course: Course): Promise<void> {
  const { scenario, machine, factor, transcript, signal } = casting;
  const seen = () => transcript.last;
  const seconds = scenarioSeconds(scenario.stepSeconds, factor);
  using whole = limitFor(signal, seconds, `all steps of ${scenario.id}`, { seen });
  const over = new AbortController();
  const end = (reason: Error) => over.abort(reason);
  const base = AbortSignal.any([whole.signal, over.signal]);
  const watch = setInterval(async () => {
    const { panic } = await machine.judge().catch(() => ({ panic: undefined }));
    if (panic !== undefined) {
      end(new TransportError(panic));
    }
  }, panicPollMs);

  try {
    await untilAborted(scenario.run(contextOf(casting, course, base, end)), base);
  } finally {
    clearInterval(watch);
    // Whatever the scenario has left going ends with it.
    over.abort(new Error('the scenario is over'));
  }
}

function contextOf(
  casting: Casting,
  course: Course,
  base: AbortSignal,
  end: (reason: Error) => void,
): ScenarioContext {
  const { scenario, cell, distro, machine, factor, transcript, signal } = casting;
  const seen = () => transcript.last;
  let limit: AbortSignal | undefined;
  const outside = () =>
    limitedBy(base, scenario.stepSeconds * factor, 'a command between the steps', { seen, kind: StepLimit });

  const context: ScenarioContext = {
    guest: guestOf(machine, transcript.log, () => limit ?? outside(), end),
    cell,
    distro,
    signal,
    factor,
    sources: casting.sources ?? {},
    async step(title, body, seconds = scenario.stepSeconds) {
      transcript.say(`-- ${title}`);
      transcript.forget();
      course.step = title;
      using stepLimit = limitFor(base, seconds * factor, `"${title}"`, { seen, kind: StepLimit });
      using _watched = casting.parts?.during(seconds * factor, stepLimit.signal);
      limit = stepLimit.signal;
      // A scenario that catches what its step rejects with must not get past a limit.
      limit.addEventListener('abort', () => end(stepLimit.signal.reason), { once: true });
      try {
        const value = await untilAborted(body(), limit);
        course.step = undefined;
        return value;
      } catch (error) {
        if (error instanceof Error) {
          course.failedAt.set(error, title);
        }
        throw error;
      } finally {
        limit = undefined;
      }
    },
    async control(title, body) {
      try {
        return await context.step(title, body);
      } catch (error) {
        throw error instanceof StepLimit ? error : new ControlFailed(title, { cause: error });
      }
    },
    cri: (socket) => criOf({ machine, socket, signal: () => limit ?? outside(), transcript }, base),
    async fact(key, value) {
      transcript.say(`fact ${key}: ${String(value).replaceAll('\n', `\n${commandGoesOn}`)}`);
      await casting.fact(key, value);
    },
    degrade(reason) {
      transcript.say(`degraded: ${reason}`);
      course.degraded.push(reason);
    },
    skip(reason) {
      throw new Skip(reason);
    },
    part: (name) => partOf(distro, scenario, name),
  };
  return context;
}
