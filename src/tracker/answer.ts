/** What a host of issues answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/**
 * How long it asks to be left alone, in milliseconds: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api,
 * https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/
 */
export function limitOf({ status, headers, body }: Answer, now: number): number | undefined {
  if (status !== 403 && status !== 429) {
    return undefined;
  }
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after)) {
    return after * 1000;
  }
  if (status === 429 && headers['ratelimit-reset'] !== undefined) {
    return Math.max(0, Number(headers['ratelimit-reset']) * 1000 - now);
  }
  if (headers['x-ratelimit-remaining'] === '0') {
    return Math.max(0, Number(headers['x-ratelimit-reset']) * 1000 - now);
  }
  const isSecondary = /rate limit/i.test(messageOf({ body }));
  return status === 429 || isSecondary ? 60_000 : undefined;
}

/** What it says itself; GitLab's may be fields with what is wrong with each. */
export function messageOf({ body }: Pick<Answer, 'body'>): string {
  const { message, error } = (body ?? {}) as { readonly message?: unknown; readonly error?: unknown };
  const said = message ?? error;
  const text = typeof said === 'object' && said !== null ? JSON.stringify(said) : said;
  return typeof text === 'string' ? text.slice(0, 200) : 'nothing more';
}
