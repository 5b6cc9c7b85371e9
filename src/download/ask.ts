import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import type { Manners } from './manners.ts';
import { request } from './request.ts';
import { faultOf, orInstead, Stumbled, TooSlow } from './trouble.ts';

/** An answer, which is given up once nothing came of it for too long. */
export interface Asked {
  readonly response: Response;
  /** Where it came from, after redirects. */
  readonly url: string;
  /** To be called at each sign of life. */
  readonly alive: () => void;
  /** To be called when all of it was read, or is not wanted any more. */
  readonly done: () => void;
}

/** How often in a row something is tried that makes no headway; where there is no way at all, it won't pass so soon. */
const tries = 4;
const triesWithoutWay = 2;
const noWay: readonly string[] = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
];

/**
 * Does something over the network, again after a while where it fails in a way that may pass. Throws a UserError (exit 3)
 * when it has failed too often in a row; `headway` begins the count anew.
 */
export async function persistently<T>(
  what: string,
  manners: Manners,
  signal: AbortSignal,
  attempt: (headway: () => void) => Promise<T>,
): Promise<T> {
  for (let [failed, slow] = [0, 0]; ; ) {
    try {
      return await attempt(() => {
        failed = 0;
      });
    } catch (error) {
      signal.throwIfAborted();
      failed += 1;
      if (error instanceof UserError) {
        throw error;
      }
      const { code = '', message } = causeOf(error);
      slow += error instanceof TooSlow ? 1 : 0;
      if (Math.max(failed, slow) >= mostTries(error, code, manners)) {
        throw new UserError(
          `cannot have ${what}: ${message || code}; look at the network and its proxy (HTTPS_PROXY)${orInstead(manners)}`,
          { exitCode: 3, cause: error },
        );
      }
      await pause(manners.pause * 1000 * 2 ** (failed - 1), undefined, { signal });
    }
  }
}

function mostTries(error: unknown, code: string, { reach }: Manners): number {
  if (reach !== undefined && !(error instanceof Stumbled)) {
    return 1;
  }
  return noWay.includes(code) ? triesWithoutWay : tries;
}

/** Begins a request. Throws a plain error where a second try may help, a UserError where it won't. */
export async function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
  manners: Manners,
  signal: AbortSignal,
): Promise<Asked> {
  const { patience, reach = patience } = manners;
  const idle = new AbortController();
  const stopAfter = (seconds: number) =>
    setTimeout(
      () => idle.abort(new Error(`${new URL(url).host} has sent nothing for ${seconds} s`)),
      seconds * 1000,
    );
  let timer = stopAfter(reach);
  const done = () => clearTimeout(timer);
  const alive = () => {
    done();
    timer = stopAfter(patience);
  };

  try {
    const either = AbortSignal.any([signal, idle.signal]);
    const { response, url: at } = await request(url, { 'user-agent': 'katafarm', ...headers }, either);
    alive();
    const fault = faultOf(url, response, manners);
    if (fault) {
      await response.body?.cancel();
      throw fault;
    }
    return { response, url: at, alive, done };
  } catch (error) {
    done();
    throw error;
  }
}

/** What went wrong in fetch is at the end of its error's causes; several addresses may have failed, each in its way. */
function causeOf(error: unknown): NodeJS.ErrnoException {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return causeOf(error.errors[0]);
  }
  const { cause } = error as Error;
  return cause instanceof Error ? causeOf(cause) : (error as NodeJS.ErrnoException);
}
