import { UserError } from '../errors.ts';
import { type CallOptions, call } from './call.ts';
import { github } from './forge.ts';
import type { Change, Issue, Tracker } from './issue.ts';
import { madeOnce } from './made-once.ts';

/** GitHub takes no more in a body, in characters. */
const longestBody = 65_000;

/** So many pages at most: no repository has ten thousand issues of ours. */
const mostPages = 100;

/** The issues of a repository that have a label. https://docs.github.com/rest/issues/issues */
export function githubIssues(repo: string, label: string, own: Omit<CallOptions, 'forge'>): Tracker {
  const options: CallOptions = { ...own, forge: github };
  const base = `repos/${repo}/issues`;
  const issues = async () => {
    const found: Issue[] = [];
    let path: string | undefined = `${base}?labels=${encodeURIComponent(label)}&state=all&per_page=100`;
    for (let page = 0; path !== undefined && page < mostPages; page += 1) {
      const { body, headers }: Awaited<ReturnType<typeof call>> = await call('GET', path, undefined, options);
      found.push(...(Array.isArray(body) ? body.flatMap(issueIn) : []));
      path = nextIn(headers['link'], options.api);
    }
    return found;
  };

  return {
    issues,
    create: async (title, text) => {
      const value = { title, body: text.slice(0, longestBody), labels: [label] };
      const made = await madeOnce(call('POST', base, value, options), text, issues);
      return 'isOpen' in made ? made : ensureLabelled(made.body, label);
    },
    update: async ({ number }, change: Change) => {
      const body = change.body?.slice(0, longestBody);
      const reason = change.state === 'closed' ? { state_reason: 'completed' } : {};
      await call('PATCH', `${base}/${number}`, { ...change, ...(body && { body }), ...reason }, options);
    },
    comment: async ({ number }, text) => {
      await call('POST', `${base}/${number}/comments`, { body: text.slice(0, longestBody) }, options);
    },
  };
}

/** Labels of who may not set any are dropped without a word; without ours nobody would find the issue again. */
function ensureLabelled(body: unknown, label: string): Issue {
  const [issue] = issueIn(body);
  const { labels = [] } = (body ?? {}) as { readonly labels?: readonly { readonly name?: string }[] };
  if (!issue || !labels.some(({ name }) => name === label)) {
    throw new UserError(
      `cannot go on: GitHub made ${issue?.url ?? 'an issue'} without the label ${label}; GITHUB_TOKEN has to be allowed to write to the repository's issues; close that issue by hand`,
      { exitCode: 3 },
    );
  }
  return issue;
}

/** A pull request is an issue to this API, and none of ours. */
function issueIn(value: unknown): readonly Issue[] {
  const raw = value as Record<string, unknown> | null;
  const isIssue = typeof raw?.['number'] === 'number' && raw['pull_request'] === undefined;
  if (!raw || !isIssue) {
    return [];
  }
  const { closed_at: closedAt, state_reason: reason } = raw;
  return [
    {
      number: Number(raw['number']),
      url: String(raw['html_url'] ?? ''),
      title: String(raw['title'] ?? ''),
      body: String(raw['body'] ?? ''),
      isOpen: raw['state'] === 'open',
      isDone: raw['state'] === 'closed' && (reason === 'completed' || reason == null),
      ...(typeof closedAt === 'string' && { closedAt }),
    },
  ];
}

/** The next page, below the API alone: a token goes nowhere else. */
function nextIn(link: string | string[] | undefined, api: string): string | undefined {
  const [, url = ''] = /<([^>]+)>;\s*rel="next"/.exec(String(link ?? '')) ?? [];
  return url.startsWith(`${api}/`) ? url.slice(api.length + 1) : undefined;
}
