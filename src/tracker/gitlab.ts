import { UserError } from '../errors.ts';
import { type CallOptions, call } from './call.ts';
import { gitlab } from './forge.ts';
import type { Change, Issue, Tracker } from './issue.ts';
import { madeOnce } from './made-once.ts';

/** GitLab takes a little more in a description, in characters. */
const longestBody = 1_000_000;

/** So many pages at most: no project has ten thousand issues of ours. */
const mostPages = 100;

/** GitLab knows one way to close an issue; that nothing will be done is said by a label. */
const leftAlone = /^(?:wontfix|wont-fix|won't fix|not planned|duplicate)$/i;

/** The issues of a project that have a label. https://docs.gitlab.com/api/issues/ */
export function gitlabIssues(project: string, label: string, own: Omit<CallOptions, 'forge'>): Tracker {
  const options: CallOptions = { ...own, forge: gitlab };
  const base = `projects/${encodeURIComponent(project)}/issues`;
  const issues = async () => {
    const found: Issue[] = [];
    let next = '1';
    for (let page = 0; next !== '' && page < mostPages; page += 1) {
      const query = new URLSearchParams({ labels: label, state: 'all', per_page: '100', page: next });
      const { body, headers } = await call('GET', `${base}?${query}`, undefined, options);
      found.push(...(Array.isArray(body) ? body.flatMap(issueIn) : []));
      next = String(headers['x-next-page'] ?? '');
    }
    return found;
  };

  return {
    issues,
    create: async (title, text) => {
      const value = { title, description: inert(text), labels: label };
      const made = await madeOnce(call('POST', base, value, options), text, issues);
      return 'isOpen' in made ? made : ensureLabelled(made.body, label);
    },
    update: async ({ number }, { title, body, state }: Change) => {
      const value = {
        ...(title !== undefined && { title }),
        ...(body !== undefined && { description: inert(body) }),
        ...(state && { state_event: state === 'closed' ? 'close' : 'reopen' }),
      };
      await call('PUT', `${base}/${number}`, value, options);
    },
    comment: async ({ number }, text) => {
      await call('POST', `${base}/${number}/notes`, { body: inert(text) }, options);
    },
  };
}

/** A line that begins with a slash is a command to GitLab (`/close`, `/assign`), and a guest's log may have any. */
function inert(text: string): string {
  return text.slice(0, longestBody).replaceAll(/^\//gm, ' /');
}

/** Labels of who may not set any are dropped without a word; without ours nobody would find the issue again. */
function ensureLabelled(body: unknown, label: string): Issue {
  const [issue] = issueIn(body);
  if (!issue || !labelsIn(body).includes(label)) {
    throw new UserError(
      `cannot go on: GitLab made ${issue?.url ?? 'an issue'} without the label ${label}; GITLAB_TOKEN has to be of a Reporter at least; close that issue by hand`,
      { exitCode: 3 },
    );
  }
  return issue;
}

function issueIn(value: unknown): readonly Issue[] {
  const raw = value as Record<string, unknown> | null;
  if (typeof raw?.['iid'] !== 'number') {
    return [];
  }
  const { closed_at: closedAt } = raw;
  const isClosed = raw['state'] === 'closed';
  return [
    {
      number: raw['iid'],
      url: String(raw['web_url'] ?? ''),
      title: String(raw['title'] ?? ''),
      body: String(raw['description'] ?? ''),
      isOpen: !isClosed,
      isDone: isClosed && !labelsIn(raw).some((one) => leftAlone.test(one)),
      ...(typeof closedAt === 'string' && { closedAt }),
    },
  ];
}

function labelsIn(value: unknown): readonly string[] {
  const { labels } = (value ?? {}) as { readonly labels?: unknown };
  return Array.isArray(labels) ? labels.map(String) : [];
}
