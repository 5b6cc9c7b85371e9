import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Tell } from '../../machine/machine.ts';
import { type Asked, ask, persistently } from './ask.ts';
import type { Servers } from './options.ts';

/** Ten times what the largest archive of a release has. */
const mostBytes = 16 * 2 ** 30;

/** What tells whether the rest of a download still belongs to what is there of it. */
interface Begun {
  readonly etag: string;
}

/**
 * Fetches a file; one that was broken off, in this run or an earlier one, is gone on with. Resolves with false where there is
 * no such file.
 */
export async function download(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  servers: Servers,
  tell: Tell,
  signal: AbortSignal,
): Promise<boolean> {
  if (await sizeOf(path)) {
    return true;
  }
  await mkdir(dirname(path), { recursive: true });
  const progress = progressOf(basename(path), tell);
  const isThere = await persistently(basename(path), servers, signal, async (headway) => {
    const begun = await begunOf(path);
    const range = begun && { range: `bytes=${begun.bytes}-`, 'if-range': begun.etag };
    const asked = await ask(url, { 'accept-encoding': 'identity', ...headers, ...range }, servers, signal);
    try {
      return await take(asked, path, begun?.bytes ?? 0, (bytes, all) => {
        headway();
        progress(bytes, all);
      });
    } finally {
      asked.done();
    }
  });
  if (isThere) {
    await rename(`${path}.part`, path);
  }
  await rm(`${path}.begun`, { force: true });
  return isThere;
}

async function take(
  { response, alive }: Asked,
  path: string,
  begun: number,
  progress: (bytes: number, all: number | undefined) => void,
): Promise<boolean> {
  const { status, headers, body } = response;
  if (status === 416) {
    await rm(`${path}.part`, { force: true });
    throw new Error('what was there of it does not belong to it');
  }
  if (status === 404 || status === 410) {
    await body?.cancel();
    return false;
  }
  if ((status !== 200 && status !== 206) || !body) {
    throw new Error(`the server answered ${status}`);
  }

  const isRest = status === 206;
  if (isRest && !headers.get('content-range')?.startsWith(`bytes ${begun}-`)) {
    throw new Error('the server sent another part of it than was asked for');
  }
  const start = isRest ? begun : 0;
  const length = Number(headers.get('content-length') ?? Number.NaN);
  const all = Number.isNaN(length) ? undefined : start + length;
  await remember(path, headers.get('etag'));
  await using file = await open(`${path}.part`, start > 0 ? 'r+' : 'w');
  let bytes = start;
  for await (const chunk of body) {
    alive();
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new UserError(`cannot take ${basename(path)}: it has more than ${mostBytes / 2 ** 30} GiB`, {
        exitCode: 3,
      });
    }
    await write(file, chunk, bytes - chunk.length);
    progress(bytes, all);
  }
  if (all !== undefined && bytes !== all) {
    throw new Error(`it broke off after ${bytes} of ${all} bytes`);
  }
  await file.truncate(bytes);
  return true;
}

async function write(
  file: Awaited<ReturnType<typeof open>>,
  chunk: Uint8Array,
  position: number,
): Promise<void> {
  try {
    await file.write(chunk, 0, chunk.length, position);
  } catch (cause) {
    const { message } = cause as Error;
    throw new UserError(`cannot keep a download: ${message}; make room, or put the cache elsewhere`, {
      exitCode: 3,
      cause,
    });
  }
}

/** Only a strong tag says that bytes are the same. */
async function remember(path: string, etag: string | null): Promise<void> {
  await rm(`${path}.begun`, { force: true });
  if (etag?.startsWith('"')) {
    await writeFile(`${path}.begun`, JSON.stringify({ etag } satisfies Begun));
  }
}

async function begunOf(path: string): Promise<(Begun & { readonly bytes: number }) | undefined> {
  const bytes = await sizeOf(`${path}.part`);
  const text = await readFile(`${path}.begun`, 'utf8').catch(() => '');
  try {
    const { etag } = JSON.parse(text) as Begun;
    return bytes ? { etag, bytes } : undefined;
  } catch {
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.size;
}

/** A line for each tenth of a file that takes its time. */
function progressOf(name: string, tell: Tell): (bytes: number, all: number | undefined) => void {
  let told = 0;
  return (bytes, all = Number.POSITIVE_INFINITY) => {
    const tenths = Math.floor((10 * bytes) / all);
    if (tenths > told && all > 2 ** 20) {
      told = tenths;
      tell(`fetching ${name}: ${tenths * 10} % of ${Math.round(all / 2 ** 20)} MiB`);
    }
  };
}
