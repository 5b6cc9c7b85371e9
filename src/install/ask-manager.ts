import { setTimeout as wait } from 'node:timers/promises';
import { TransportError } from '../machine/faults.ts';
import type { Guest } from '../machine/guest.ts';
import type { Tell } from '../machine/machine.ts';
import { spoken } from './managers/answer.ts';
import type { Answer, Ended } from './managers/package-manager.ts';
import { ManagerHeld, MirrorTrouble } from './package-trouble.ts';

/** How long is waited, in milliseconds, before each further try at a mirror that failed. */
const betweenTries = [5000, 20_000];

/** A first boot's own upgrade of everything is waited for, with an emulated machine in mind. */
const holdSeconds = 1800;
const lookSeconds = 5;

/** Where it is asked, and how it is waited. */
export interface Asking {
  readonly tell: Tell;
  readonly signal: AbortSignal;
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Runs a command of a package manager's in a machine. Throws where the way to the machine is lost. */
export async function runIn({ $ }: Pick<Guest, '$'>, command: string): Promise<Ended> {
  const { exitCode, stdout, stderr } = await $`sh -c ${spoken(command)}`.nothrow();
  if (exitCode === 255 || exitCode === null) {
    throw new TransportError(
      `cannot ask the package manager: the way to the machine is lost ${stderr}`.trim(),
    );
  }
  return { code: exitCode, out: stdout, err: stderr };
}

/**
 * The same until it has an answer that is the distro's: a mirror is tried again, and whoever holds the package manager
 * is waited for. What is neither a success nor a verdict is thrown.
 */
export async function answerIn(
  guest: Pick<Guest, '$'>,
  command: string,
  read: (ended: Ended) => Answer,
  { tell, signal, pause = pauseFor }: Asking,
): Promise<Answer> {
  const pauses = [...betweenTries];
  let held = 0;
  for (;;) {
    signal.throwIfAborted();
    const ended = await runIn(guest, command);
    const answer = read(ended);
    const cause = new Error(`${ended.out}\n${ended.err}`.trim().split('\n').slice(-60).join('\n'));
    switch (answer.kind) {
      case 'done':
      case 'not-packaged':
      case 'uninstallable':
        return answer;
      case 'mirror': {
        const next = pauses.shift();
        if (next === undefined) {
          throw new MirrorTrouble(`cannot install what is missing: a mirror fails: ${answer.said}`, {
            cause,
          });
        }
        tell(`a mirror fails, trying again in ${next / 1000} s: ${answer.said}`);
        await pause(next, signal);
        break;
      }
      case 'locked':
        if (held >= holdSeconds) {
          throw new ManagerHeld(
            `cannot install what is missing: the package manager is held for ${held} s: ${answer.said}`,
            { cause },
          );
        }
        if (held === 0) {
          tell(`waiting for who holds the package manager: ${answer.said}`);
        }
        held += lookSeconds;
        await pause(lookSeconds * 1000, signal);
        break;
      case 'full':
        throw new Error(`cannot install what is missing: the machine's disk is full: ${answer.said}`, {
          cause,
        });
      case 'strange':
        throw new Error(`cannot install what is missing (status ${ended.code}): ${answer.said}`, { cause });
      default:
        throw new TypeError(`no such answer: ${answer.kind satisfies never}`);
    }
  }
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal });
}
