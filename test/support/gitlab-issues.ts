import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An issue as GitLab's REST API tells it, as far as anybody asks: https://docs.gitlab.com/api/issues/ */
export interface RawIssue {
  iid: number;
  web_url: string;
  title: string;
  description: string;
  state: 'opened' | 'closed';
  closed_at: string | null;
  labels: string[];
}

/** The issues of the project farms/kata/farm, on this host. */
export interface GitlabServer extends AsyncDisposable {
  /** Of its API. */
  readonly url: string;
  readonly issues: RawIssue[];
  readonly notes: { iid: number; body: string }[];
  /** Every request so far: `GET /api/v4/projects/…`. */
  readonly asked: string[];
  /** Those of guests are dropped without a word. */
  mayLabel: boolean;
}

export const token = 'a-token-of-a-test';
const path = '/api/v4/projects/farms%2Fkata%2Ffarm/issues';
const pageSize = 2;

export async function gitlabServer(): Promise<GitlabServer> {
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const made: GitlabServer = {
    ...{ url: `${origin}/api/v4`, issues: [], notes: [], asked: [], mayLabel: true },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const { issues, notes } = made;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    made.asked.push(`${method} ${url}`);
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(part as Buffer);
    }
    const value = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}') as Record<string, string>;
    const send = (status: number, body: unknown, more = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body));
    const { pathname, searchParams } = new URL(url, origin);
    const [, iid, tail] = new RegExp(`^${path}(?:/(\\d+))?(/notes)?$`).exec(pathname) ?? [];
    const one = issues.find((issue) => issue.iid === Number(iid));

    if (!pathname.startsWith(path)) {
      send(404, { error: '404 Not Found' });
    } else if (headers['private-token'] !== token) {
      send(401, { message: '401 Unauthorized' });
    } else if (method === 'GET') {
      const page = Number(searchParams.get('page'));
      const all = issues
        .filter(({ labels }) => labels.includes(searchParams.get('labels') ?? ''))
        .toReversed();
      const next = page * pageSize < all.length ? String(page + 1) : '';
      send(200, all.slice((page - 1) * pageSize, page * pageSize), { 'x-next-page': next });
    } else if (method === 'POST' && tail && one) {
      notes.push({ iid: one.iid, body: value['body'] ?? '' });
      send(201, {});
    } else if (method === 'POST' && !iid) {
      const issue: RawIssue = {
        ...{ iid: issues.length + 1, web_url: `${origin}/farms/kata/farm/-/issues/${issues.length + 1}` },
        ...{ title: value['title'] ?? '', description: value['description'] ?? '' },
        ...{ state: 'opened', closed_at: null, labels: made.mayLabel ? `${value['labels']}`.split(',') : [] },
      };
      issues.push(issue);
      send(201, issue);
    } else if (method === 'PUT' && one) {
      const { title, description, state_event: event } = value;
      Object.assign(one, title !== undefined && { title }, description !== undefined && { description });
      if (event !== undefined) {
        one.state = event === 'close' ? 'closed' : 'opened';
        one.closed_at = event === 'close' ? '2026-11-22T05:00:00Z' : null;
      }
      send(200, one);
    } else {
      send(405, { error: '405 Not Allowed' });
    }
  }
  return made;
}
