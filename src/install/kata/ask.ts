import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../errors.ts';
import type { Servers } from './options.ts';

/** An answer, which is given up once nothing came of it for too long. */
export interface Asked {
  readonly response: Response;
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
  servers: Servers,
  signal: AbortSignal,
  attempt: (headway: () => void) => Promise<T>,
): Promise<T> {
  for (let failed = 0; ; ) {
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
      if (failed >= mostTries(error, code, servers)) {
        throw new UserError(
          `cannot have ${what}: ${message || code}; look at the network and its proxy (HTTPS_PROXY), or give the archives: --kata file:PATH`,
          { exitCode: 3, cause: error },
        );
      }
      await pause(servers.pause * 1000 * 2 ** (failed - 1), undefined, { signal });
    }
  }
}

function mostTries(error: unknown, code: string, { reach }: Servers): number {
  if (reach !== undefined && !(error instanceof Stumbled)) {
    return 1;
  }
  return noWay.includes(code) ? triesWithoutWay : tries;
}

/** Begins a request. Throws a plain error where a second try may help, a UserError where it won't. */
export async function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
  { patience, reach = patience }: Servers,
  signal: AbortSignal,
): Promise<Asked> {
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
    const response = await fetch(url, {
      headers: { 'user-agent': 'katafarm', ...headers },
      signal: AbortSignal.any([signal, idle.signal]),
    });
    alive();
    const fault = faultOf(url, response);
    if (fault) {
      await response.body?.cancel();
      throw fault;
    }
    return { response, alive, done };
  } catch (error) {
    done();
    throw error;
  }
}

function faultOf(url: string, { status, headers }: Response): Error | undefined {
  const { host } = new URL(url);
  const isLimit = status === 429 || (status === 403 && headers.get('x-ratelimit-remaining') === '0');
  if (isLimit) {
    const reset = Number(headers.get('x-ratelimit-reset'));
    const until = reset > 0 ? ` until ${new Date(reset * 1000).toISOString()}` : '';
    return new RateLimited(
      `cannot ask ${host} any more${until}: it limits how often; wait, set GITHUB_TOKEN, or give the archives: --kata file:PATH`,
      { exitCode: 3 },
    );
  }
  if (status === 401 || status === 403) {
    return new UserError(
      `cannot have ${url}: ${host} answered ${status}; look at GITHUB_TOKEN: it may be of too little use, or too old`,
      { exitCode: 3 },
    );
  }
  if (status >= 500 || status === 408) {
    return new Stumbled(`${host} answered ${status}`);
  }
  return undefined;
}

/** A server that is there, and has trouble of its own. */
class Stumbled extends Error {}

/** Too many requests of this host: what needs no API may still be had. */
export class RateLimited extends UserError {}

/** What went wrong in fetch is at the end of its error's causes; several addresses may have failed, each in its way. */
function causeOf(error: unknown): NodeJS.ErrnoException {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return causeOf(error.errors[0]);
  }
  const { cause } = error as Error;
  return cause instanceof Error ? causeOf(cause) : (error as NodeJS.ErrnoException);
}
