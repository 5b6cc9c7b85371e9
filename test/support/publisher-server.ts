import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that a test wants answered in its own way; it is used up by it. */
export interface Fault {
  readonly path: string;
  readonly answer: (response: ServerResponse, bytes: Buffer, start: number) => void;
}

/** A publisher's server on this host: files by their paths, with tags and ranges as real ones have them. */
export interface PublisherServer extends AsyncDisposable {
  readonly url: string;
  /** Every request so far: `/image.qcow2 bytes=5-`. */
  readonly asked: string[];
  readonly files: Map<string, Buffer | URL>;
  readonly faults: Fault[];
  /** Whether it has tags and knows ranges. */
  readonly manners: { tags: boolean; ranges: boolean };
}

export async function publisherServer(): Promise<PublisherServer> {
  const asked: string[] = [];
  const files = new Map<string, Buffer | URL>();
  const faults: Fault[] = [];
  const manners = { tags: true, ranges: true };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? '';
    asked.push(`${path} ${request.headers.range ?? ''}`.trim());
    const file = files.get(path);
    if (file === undefined) {
      response.writeHead(404).end('<html><body>404 Not Found</body></html>');
      return;
    }
    if (file instanceof URL) {
      response.writeHead(302, { location: file.href }).end();
      return;
    }
    const start = begin(request, response, file, manners);
    const index = faults.findIndex((fault) => fault.path === path);
    const [fault] = index === -1 ? [] : faults.splice(index, 1);
    if (fault) {
      fault.answer(response, file, start);
    } else {
      response.end(file.subarray(start));
    }
  };

  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ asked, files, faults, manners },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Writes down what is about to be sent; returns from where on. */
function begin(
  request: IncomingMessage,
  response: ServerResponse,
  file: Buffer,
  { tags, ranges }: PublisherServer['manners'],
): number {
  const tag = `"${createHash('sha256').update(file).digest('hex').slice(0, 16)}"`;
  const date = 'Sun, 22 Nov 2026 10:00:00 GMT';
  response.setHeader('last-modified', date).setHeader('content-type', 'application/octet-stream');
  if (tags) {
    response.setHeader('etag', tag);
  }
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const isSame = request.headers['if-range'] === (tags ? tag : date);
  const start = ranges && isSame ? Number(from ?? 0) : 0;
  response.statusCode = start > 0 ? 206 : 200;
  response.setHeader('content-length', file.length - start);
  if (start > 0) {
    response.setHeader('content-range', `bytes ${start}-${file.length - 1}/${file.length}`);
  }
  return start;
}

/** Sends so many bytes, and hangs up. */
export function hangUpAfter(path: string, bytes: number): Fault {
  return {
    path,
    answer: (response, file, start) => {
      // Who is told that a connection broke forgets what of it was not read yet: a busy client gets time to.
      response.write(file.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 200));
    },
  };
}

/** Sends so many bytes, and nothing more, ever. */
export function standStillAfter(path: string, bytes: number): Fault {
  return {
    path,
    answer: (response, file, start) => void response.write(file.subarray(start, start + bytes)),
  };
}

/** Sends a few bytes now and then, as long as anybody listens. */
export function drip(path: string): Fault {
  return {
    path,
    answer: (response, file, start) => {
      let at = start;
      const timer = setInterval(() => response.write(file.subarray(at, ++at)), 50);
      response.once('close', () => clearInterval(timer));
    },
  };
}
