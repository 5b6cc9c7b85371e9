import { spawn } from 'node:child_process';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ask, persistently } from '../download/ask.ts';
import { politely } from '../download/manners.ts';
import type { Get } from './index-reader.ts';

/** Gets over HTTP, unpacked: gzip, zstd and xz (by the host's xz) are known by how they begin. */
export function getter(signal: AbortSignal): Get {
  return async (url) => {
    const asked = await persistently(url, politely, signal, () => ask(url, {}, politely, signal));
    const { response, alive, done } = asked;
    if (!response.ok || !response.body) {
      done();
      await response.body?.cancel();
      throw new Error(`${url} answered ${response.status}`);
    }
    return unpacked(heard(response.body, alive, done));
  };
}

/** What comes, as long as it keeps coming. */
async function* heard(
  body: ReadableStream<Uint8Array>,
  alive: () => void,
  done: () => void,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) {
      alive();
      yield Buffer.from(chunk);
    }
  } finally {
    done();
  }
}

async function unpacked(pieces: AsyncGenerator<Buffer>): Promise<Readable> {
  const { value: first = Buffer.alloc(0) } = await pieces.next();
  async function* all(): AsyncGenerator<Buffer> {
    yield first;
    yield* pieces;
  }
  const through = unpackerOf(first.subarray(0, 6).toString('hex'));
  if (!through) {
    return Readable.from(all(), { objectMode: false });
  }
  const { into, out } = through;
  // Its trouble becomes the trouble of what is read.
  pipeline(Readable.from(all()), into).catch((error: Error) => out.destroy(error));
  return out;
}

function unpackerOf(
  begin: string,
): { readonly into: NodeJS.WritableStream; readonly out: Readable } | undefined {
  if (begin.startsWith('1f8b')) {
    const gunzip = createGunzip();
    return { into: gunzip, out: gunzip };
  }
  if (begin.startsWith('28b52ffd')) {
    const zstd = createZstdDecompress();
    return { into: zstd, out: zstd };
  }
  if (!begin.startsWith('fd377a585a00')) {
    return undefined;
  }
  const xz = spawn('xz', ['--decompress', '--stdout'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const out = new PassThrough();
  xz.once('error', (error) => out.destroy(error));
  xz.stdin.once('error', () => {});
  pipeline(xz.stdout, out).catch(() => {});
  xz.once('close', (code) => {
    if (code !== 0) {
      out.destroy(new Error('xz could not unpack it'));
    }
  });
  return { into: xz.stdin, out };
}
