import type { Cell } from '../domain/cell.ts';
import { type Distro, isPackaged } from '../domain/distro.ts';
import type { Outcome } from '../domain/outcome.ts';
import { guestOf } from '../machine/guest.ts';
import { limitedBy, untilAborted } from '../machine/limit.ts';
import type { Machine } from '../machine/machine.ts';
import type { LoadedScenario, ScenarioContext } from '../scenario.ts';
import { lookAt } from './blame.ts';
import type { Transcript } from './transcript.ts';

export interface Execution {
  readonly scenario: LoadedScenario;
  readonly cell: Cell;
  readonly distro: Distro;
  readonly machine: Machine;
  readonly factor: number;
  readonly transcript: Transcript;
  readonly fact: (key: string, value: string | number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Thrown by `t.skip`; the scenario ends without a verdict. */
export class Skip extends Error {
  override readonly name = 'Skip';
}

/** Runs one scenario on a machine that is up, and says what came of it. Rejects only when the run is interrupted. */
export async function execute(execution: Execution): Promise<Outcome> {
  const { scenario, cell, distro, machine, factor, transcript, fact, signal } = execution;
  const degraded: string[] = [];
  let current: string | undefined;
  let limit: AbortSignal | undefined;
  const seconds = scenario.stepSeconds * factor;
  const outside = () => limitedBy(signal, seconds, current ? `"${current}"` : 'a command between the steps');

  const context: ScenarioContext = {
    guest: guestOf(machine, transcript.log, () => limit ?? outside()),
    cell,
    distro,
    signal,
    factor,
    async step(title, body, seconds = scenario.stepSeconds) {
      transcript.say(`-- ${title}`);
      current = title;
      const stepLimit = limitedBy(signal, seconds * factor, `"${title}"`);
      limit = stepLimit;
      const value = await untilAborted(body(), stepLimit);
      current = undefined;
      limit = undefined;
      return value;
    },
    async fact(key, value) {
      transcript.say(`fact ${key}: ${value}`);
      await fact(key, value);
    },
    degrade(reason) {
      transcript.say(`degraded: ${reason}`);
      degraded.push(reason);
    },
    skip(reason) {
      throw new Skip(reason);
    },
    part(name) {
      const claim = distro.parts[name];
      if (!isPackaged(claim)) {
        throw new TypeError(`${scenario.id} asks for ${name}, which it does not name in needs.parts`);
      }
      return claim;
    },
  };

  try {
    await scenario.run(context);
    const { fatal, farm } = await machine.judge();
    if (fatal.length > 0) {
      return { status: 'failed', step: 'the console afterwards', message: fatal.join('; ') };
    }
    if (farm.length > 0) {
      return { status: 'errored', phase: 'execute', message: farm.join('; ') };
    }
    return { status: 'passed', ...(degraded.length > 0 && { degraded }) };
  } catch (error) {
    signal.throwIfAborted();
    const outcome = await lookAt(error, machine, current);
    transcript.say('message' in outcome ? `${outcome.status}: ${outcome.message}` : outcome.status);
    return outcome;
  }
}
