import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that a test wants answered in its own way; undefined: as usual. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** GitHub's API and downloads as far as they are asked, on this host. */
export interface GithubServer extends AsyncDisposable {
  readonly url: string;
  /** Where assets and artifacts really are: another origin, to which a redirect leads. */
  readonly storage: string;
  /** Every request so far: `GET /repos/… range=bytes=5- authorization=yes`. */
  readonly asked: string[];
  /** What is at a path: a value as JSON, bytes as they are, undefined is 404. */
  readonly pages: Map<string, unknown>;
  /** Consulted in order, first; one that says true has answered, and is used up. */
  readonly faults: Fault[];
}

export async function githubServer(): Promise<GithubServer> {
  const asked: string[] = [];
  const pages = new Map<string, unknown>();
  const faults: Fault[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { range, authorization } = request.headers;
    asked.push(`${request.url} ${range ?? ''} ${authorization ? 'with a token' : ''}`.trim());
    const index = faults.findIndex((fault) => fault(request, response));
    if (index !== -1) {
      faults.splice(index, 1);
      return;
    }

    const page = pages.get(request.url?.split('?')[0] ?? '');
    if (page === undefined) {
      response.writeHead(404).end('{"message":"Not Found"}');
    } else if (Buffer.isBuffer(page)) {
      sendBytes(page, request, response);
    } else if (page instanceof URL) {
      response.writeHead(302, { location: page.href }).end();
    } else {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
    }
  };

  const [front, back] = [createServer(answer), createServer(answer)];
  for (const server of [front, back]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const urlOf = (server: typeof front) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: urlOf(front),
    storage: urlOf(back),
    asked,
    pages,
    faults,
    async [Symbol.asyncDispose]() {
      for (const server of [front, back]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}

function sendBytes(bytes: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`;
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const start = request.headers['if-range'] === etag ? Number(from ?? 0) : 0;
  response.setHeader('etag', etag).setHeader('content-length', bytes.length - start);
  if (start > 0) {
    response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
  }
  response.writeHead(start > 0 ? 206 : 200).end(bytes.subarray(start));
}

/** Answers a path once with a status and headers. */
export function answering(path: RegExp, status: number, headers: Record<string, string> = {}): Fault {
  return ({ url = '' }, response) => {
    if (!path.test(url)) {
      return false;
    }
    response.writeHead(status, headers).end();
    return true;
  };
}
