/** What GitHub answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** How long GitHub asks to be left alone, in milliseconds: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function limitOf({ status, headers, body }: Answer, now: number): number | undefined {
  if (status !== 403 && status !== 429) {
    return undefined;
  }
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after)) {
    return after * 1000;
  }
  if (headers['x-ratelimit-remaining'] === '0') {
    return Math.max(0, Number(headers['x-ratelimit-reset']) * 1000 - now);
  }
  const isSecondary = /rate limit/i.test(messageOf({ body }));
  return status === 429 || isSecondary ? 60_000 : undefined;
}

/** What GitHub says of itself. */
export function messageOf({ body }: Pick<Answer, 'body'>): string {
  const { message } = (body ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' ? message.slice(0, 200) : 'nothing more';
}

/** What the user can do about a refusal. */
export function hintFor({ status }: Answer): string {
  if (status === 401 || status === 403) {
    return '; GITHUB_TOKEN has to be allowed to write issues (permissions: issues: write)';
  }
  return status === 404 ? '; look at --repo OWNER/NAME, and whether it has issues' : '';
}
