import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { type Answer, limitOf, messageOf } from './answer.ts';
import type { Forge } from './forge.ts';

/** How a tracker is talked to. */
export interface CallOptions {
  readonly forge: Forge;
  /** `https://api.github.com`, `https://gitlab.com/api/v4`. */
  readonly api: string;
  /** Who acts; missing: nobody, who may read what is public. */
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds; tests have less. */
  readonly waits?: { readonly betweenWrites: number; readonly again: number; readonly most: number };
  readonly now: () => number;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT';

/** A second between writes, as GitHub asks for; a limit that ends later than that is for the next night. */
const usual = { betweenWrites: 1_000, again: 2_000, most: 120_000 };
const tries = 4;

/**
 * One call of a REST API. Waits where it asks for it, if that is not too long; tries again what may be said twice
 * (all but POST) where the server is at fault. Throws a UserError (exit 3) where it can't be done.
 */
export async function call(
  method: Method,
  path: string,
  value: unknown,
  options: CallOptions,
): Promise<Answer> {
  const { betweenWrites, again, most } = options.waits ?? usual;
  if (method !== 'GET') {
    await pause(betweenWrites, undefined, { signal: options.signal });
  }
  for (let failed = 1; ; failed += 1) {
    const answer = await once(method, path, value, options).catch((error: Error) => error);
    const what = `${method} ${path}`;
    if (!(answer instanceof Error)) {
      const limit = limitOf(answer, options.now());
      if (limit !== undefined && (limit > most || failed >= tries)) {
        throw new UserError(
          `cannot go on with ${what}: ${options.forge.name}'s limit of requests is reached for ${Math.ceil(limit / 60_000)} min; say it again then, nothing is done twice`,
          { exitCode: 3 },
        );
      }
      if (limit !== undefined) {
        await pause(limit, undefined, { signal: options.signal });
        continue;
      }
      if (answer.status < 400) {
        return answer;
      }
      if (answer.status < 500) {
        throw new UserError(
          `cannot ${what}: ${options.forge.name} says ${answer.status}, ${messageOf(answer)}${options.forge.hint(answer.status)}`,
          {
            exitCode: 3,
          },
        );
      }
    }
    options.signal.throwIfAborted();
    if (method === 'POST' || failed >= tries) {
      const why = answer instanceof Error ? answer.message : `${options.forge.name} says ${answer.status}`;
      throw new UserError(`cannot ${what}: ${why}; say it again later, nothing is done twice`, {
        exitCode: 3,
      });
    }
    await pause(again * 2 ** (failed - 1), undefined, { signal: options.signal });
  }
}

function once(
  method: Method,
  path: string,
  value: unknown,
  { api, token, signal, forge }: CallOptions,
): Promise<Answer> {
  const url = new URL(path, `${api}/`);
  const text = value === undefined ? undefined : JSON.stringify(value);
  const headers = {
    'user-agent': 'katafarm',
    ...forge.headers(token),
    ...(text !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const start = url.protocol === 'https:' ? overHttps : overHttp;
  const asked = start(url, { method, headers, signal, timeout: 60_000 }, (message) => {
    const parts: Buffer[] = [];
    message.on('data', (part: Buffer) => parts.push(part));
    message.on('error', reject);
    message.on('end', () => {
      const said = Buffer.concat(parts).toString('utf8');
      resolve({ status: message.statusCode ?? 500, headers: message.headers, body: parsed(said) });
    });
  });
  asked.on('timeout', () => asked.destroy(new Error(`${url.host} has sent nothing for 60 s`)));
  asked.on('error', reject);
  asked.end(text);
  return promise;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
