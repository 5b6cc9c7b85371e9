import { UserError } from '../errors.ts';
import { ask, persistently } from './ask.ts';
import type { Manners } from './manners.ts';

/** Checksums, signatures and pages have a few KiB. */
const mostBytes = 4 * 2 ** 20;

/**
 * What is at an address, all of it at once; undefined where nothing is. What others are to be trusted by has to come the
 * way that was asked for: an answer that was led from https to http is refused.
 */
export function fetchBytes(url: string, manners: Manners, signal: AbortSignal): Promise<Buffer | undefined> {
  return persistently(url, manners, signal, async () => {
    const { response, url: at, alive, done } = await ask(url, {}, manners, signal);
    try {
      if (url.startsWith('https:') && !at.startsWith('https:')) {
        throw new UserError(`cannot trust ${url}: it leads to ${at}, which anybody may answer for`, {
          exitCode: 3,
        });
      }
      if (response.status === 404 || response.status === 410) {
        await response.body?.cancel();
        return undefined;
      }
      if (!response.ok || !response.body) {
        throw new Error(`the server answered ${response.status}`);
      }
      return await readAll(response.body, url, alive);
    } finally {
      done();
    }
  });
}

async function readAll(body: ReadableStream<Uint8Array>, url: string, alive: () => void): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    alive();
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new UserError(`cannot read ${url}: it has more than ${mostBytes / 2 ** 20} MiB`, { exitCode: 3 });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
