import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { UserError } from '../errors.ts';
import type { Tell } from '../machine/machine.ts';
import { type Asked, ask, persistently } from './ask.ts';
import { begunOf, remember, sizeOf } from './begun.ts';
import type { Manners } from './manners.ts';
import { paceOf, progressOf } from './pace.ts';

/** Ten times what the largest archive or image has. */
const mostBytes = 16 * 2 ** 30;

/**
 * Fetches a file; one that was broken off, in this run or an earlier one, is gone on with. Resolves with false where there is
 * no such file.
 */
export async function download(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  manners: Manners,
  tell: Tell,
  signal: AbortSignal,
): Promise<boolean> {
  if (await sizeOf(path)) {
    return true;
  }
  await mkdir(dirname(path), { recursive: true });
  const progress = progressOf(basename(path), tell);
  const isThere = await persistently(basename(path), manners, signal, async (headway) => {
    const begun = await begunOf(path);
    const range = begun && { range: `bytes=${begun.bytes}-`, 'if-range': begun.etag };
    const asked = await ask(url, { 'accept-encoding': 'identity', ...headers, ...range }, manners, signal);
    try {
      const pace = paceOf(new URL(url).host, manners);
      return await take(asked, path, begun?.bytes ?? 0, (bytes, all) => {
        headway();
        pace(bytes);
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
  await remember(path, headers);
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
