import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from './github-server.ts';

/** An issue as GitHub's REST API tells it, as far as anybody asks. */
export interface RawIssue {
  number: number;
  html_url: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  state_reason: string | null;
  closed_at: string | null;
  labels: { name: string }[];
  pull_request?: object;
}

/** The issues of one repository, on this host: https://docs.github.com/rest/issues/issues */
export interface IssuesServer extends AsyncDisposable {
  readonly url: string;
  readonly issues: RawIssue[];
  /** By the number of their issue. */
  readonly comments: { number: number; body: string }[];
  /** Every request so far: `GET /repos/…`. */
  readonly asked: string[];
  /** Consulted first; one that says true has answered, and is used up. */
  readonly faults: Fault[];
  /** Those of who may not push are dropped without a word. */
  mayLabel: boolean;
  /** Adds one by hand. */
  add(change: Partial<RawIssue>): RawIssue;
}

export const token = 'a-token-of-a-test';

/** `perPage` bounds what a page holds, whatever is asked for. */
export async function issuesServer(perPage = 100): Promise<IssuesServer> {
  const [issues, comments, asked, faults]: [RawIssue[], IssuesServer['comments'], string[], Fault[]] = [
    [],
    [],
    [],
    [],
  ];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const add = (change: Partial<RawIssue>): RawIssue => {
    const number = issues.length + 1;
    const issue: RawIssue = {
      ...{ number, html_url: `${url}/o/farm/issues/${number}`, title: '', body: '', state: 'open' },
      ...{ state_reason: null, closed_at: null, labels: [{ name: 'katafarm' }], ...change },
    };
    issues.push(issue);
    return issue;
  };
  const made: IssuesServer = {
    ...{ url, issues, comments, asked, faults, mayLabel: true, add },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    asked.push(`${method} ${path}`);
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(part as Buffer);
    }
    const index = faults.findIndex((fault) => fault(request, response));
    if (index !== -1) {
      faults.splice(index, 1);
      return;
    }
    const send = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const { pathname, searchParams } = new URL(path, url);
    const [, number, tail] = /^\/repos\/o\/farm\/issues(?:\/(\d+))?(\/comments)?$/.exec(pathname) ?? [];
    if (!pathname.startsWith('/repos/o/farm/issues')) {
      send(404, { message: 'Not Found' });
      return;
    }
    if (method !== 'GET' && headers.authorization !== `Bearer ${token}`) {
      send(401, { message: 'Requires authentication' });
      return;
    }
    const value = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}') as Partial<RawIssue> & {
      labels?: string[];
    };
    const one = issues.find((issue) => issue.number === Number(number));

    if (method === 'GET') {
      list(searchParams, response);
    } else if (method === 'POST' && !number) {
      const { title = '', body = '', labels = [] } = value;
      send(
        201,
        add({ title, body, labels: made.mayLabel ? labels.map((name) => ({ name: String(name) })) : [] }),
      );
    } else if (method === 'POST' && one && tail) {
      comments.push({ number: one.number, body: value.body ?? '' });
      send(201, {});
    } else if (method === 'PATCH' && one) {
      Object.assign(one, value);
      one.closed_at = one.state === 'closed' ? '2026-11-22T05:00:00Z' : null;
      send(200, one);
    } else {
      send(404, { message: 'Not Found' });
    }
  }

  function list(query: URLSearchParams, response: ServerResponse): void {
    const [page, label] = [Number(query.get('page') ?? 1), query.get('labels')];
    const state = query.get('state') ?? 'open';
    const size = Math.min(perPage, Number(query.get('per_page') ?? 30));
    const all = issues
      .filter((issue) => !label || issue.labels.some(({ name }) => name === label))
      .filter((issue) => state === 'all' || issue.state === state)
      .toReversed();
    if (page * size < all.length) {
      query.set('page', String(page + 1));
      response.setHeader('link', `<${url}/repos/o/farm/issues?${query}>; rel="next", <${url}/x>; rel="last"`);
    }
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(all.slice((page - 1) * size, page * size)));
  }
  return made;
}
