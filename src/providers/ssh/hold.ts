import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.ts';
import { Ssh } from '../../host/ssh.ts';
import { LimitReached, limitedBy } from '../../machine/limit.ts';
import type { Tell } from '../../machine/machine.ts';
import { nameOf, type Target } from '../../machine/ssh-target.ts';
import { type Guard, guard } from './guard.ts';
import { hear, linesOf } from './heard.ts';
import { pairsIn } from './release.ts';
import { asking, reaping } from './scripts.ts';
import { adviceOn, type WayRequest, wayTo } from './way.ts';

/** For a machine that is up to let us in. */
const loginSeconds = 40;
/** For another farm's guard to be gone: it ends within a moment of its farm. */
const goneSeconds = 15;
/** For scripts of our own, on a machine that is emulated and busy. */
export const scriptSeconds = 180;

export interface LinkOptions {
  readonly target: Target;
  readonly config?: string | undefined;
  /** A new name for a master's socket, in a folder with a short path. */
  readonly socket: () => string;
  readonly tell: Tell;
  /** Throws where what a machine says of itself is not what was meant; nothing was done there before. */
  readonly check: (said: Said) => void;
}

/** What a machine says of itself. */
export type Said = Readonly<Record<string, string>>;

/** As root, by a new master. */
export function requestOf({ target, config, socket }: LinkOptions, { user }: Said): WayRequest {
  return { target, config, sudo: user !== undefined && user !== '0', control: socket() };
}

/** Logs in as whoever the user names, and asks who and where that is. */
export async function askedOf(options: LinkOptions, signal: AbortSignal): Promise<Said> {
  await using ssh = await loggedIn(options, requestOf(options, {}), signal);
  const limit = limitedBy(signal, scriptSeconds, `${nameOf(options.target)} to say what it is`);
  const said = pairsIn((await hear(ssh, asking, limit)).out);
  if (said['user'] === undefined) {
    throw new UserError(`cannot work on ${nameOf(options.target)}: it has no shell that runs a script`, {
      exitCode: 3,
    });
  }
  options.check(said);
  return said;
}

/** A way as root, with a guard at its end, once what dead farms left is gone. */
export async function hold(
  options: LinkOptions,
  said: Said,
  token: string,
  signal: AbortSignal,
): Promise<{ readonly ssh: Ssh; readonly held: Guard }> {
  const ssh = await loggedIn(options, requestOf(options, said), signal);
  try {
    await reap(ssh, options, token, signal);
    return { ssh, held: await guard(ssh, token, nameOf(options.target), signal) };
  } catch (error) {
    await ssh[Symbol.asyncDispose]();
    throw error;
  }
}

async function loggedIn({ target }: LinkOptions, request: WayRequest, signal: AbortSignal): Promise<Ssh> {
  const name = nameOf(target);
  const ssh = new Ssh(wayTo(request));
  try {
    await ssh.connect(limitedBy(signal, loginSeconds, `${name} to let us in`));
    return ssh;
  } catch (error) {
    await ssh[Symbol.asyncDispose]();
    signal.throwIfAborted();
    const { message } = error as Error;
    const words =
      error instanceof LimitReached ? message : message.replace(/^cannot log in to the machine: /, '');
    throw new UserError(`cannot log in to ${name}: ${words}\n${adviceOn(message, target)}`, {
      exitCode: 3,
      cause: error,
    });
  }
}

async function reap(
  ssh: Ssh,
  { target, tell }: LinkOptions,
  token: string,
  interrupt: AbortSignal,
): Promise<void> {
  const name = nameOf(target);
  const signal = limitedBy(interrupt, scriptSeconds, `what dead farms left on ${name} to be removed`);
  const until = performance.now() + goneSeconds * 1000;
  for (;;) {
    const { status, out, err } = await hear(ssh, reaping(token), signal);
    if (status !== 0) {
      const hint = /sudo/.test(err) ? '; log in as root, or let this user use sudo without a password' : '';
      throw new UserError(`cannot work on ${name} as root: ${err.trim() || `status ${status}`}${hint}`, {
        exitCode: 3,
      });
    }
    const lines = linesOf(out);
    for (const line of lines.filter((one) => one.startsWith('reaped '))) {
      tell(`${name}: removed what a dead run left: ${line.slice('reaped '.length)}`);
    }
    if (!lines.includes('busy')) {
      return;
    }
    if (performance.now() > until) {
      throw new UserError(`cannot work on ${name}: another katafarm is at work there; wait for its end`, {
        exitCode: 3,
      });
    }
    await sleep(1000, undefined, { signal });
  }
}
