import { UserError } from '../errors.ts';
import type { Manners } from './manners.ts';

/** What an answer means that is none; undefined: it is one. */
export function faultOf(url: string, { status, headers }: Response, manners: Manners): Error | undefined {
  const { token } = manners;
  const { host } = new URL(url);
  const isLimit = status === 429 || (status === 403 && headers.get('x-ratelimit-remaining') === '0');
  if (isLimit) {
    const reset = Number(headers.get('x-ratelimit-reset'));
    const until = reset > 0 ? ` until ${new Date(reset * 1000).toISOString()}` : '';
    return new RateLimited(
      `cannot ask ${host} any more${until}: it limits how often; wait${token ? `, set ${token}` : ''}${orInstead(manners)}`,
      { exitCode: 3 },
    );
  }
  if (status === 401 || status === 403) {
    const look = token
      ? `look at ${token}: it may be of too little use, or too old`
      : 'it is not for everybody';
    return new UserError(
      `cannot have ${url}: ${host} answered ${status}; ${look}${token ? '' : orInstead(manners)}`,
      { exitCode: 3 },
    );
  }
  if (status >= 500 || status === 408) {
    return new Stumbled(`${host} answered ${status}`);
  }
  return undefined;
}

/** The end of a sentence on what to do. */
export function orInstead({ instead }: Manners): string {
  return instead === undefined ? '' : `, or ${instead}`;
}

/** What comes so slowly that it might never end; that there was headway does not count for it. */
export class TooSlow extends Error {}

/** A server that is there, and has trouble of its own. */
export class Stumbled extends Error {}

/** Too many requests of this host: what needs no API may still be had. */
export class RateLimited extends UserError {}
