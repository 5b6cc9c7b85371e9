import { createHash } from 'node:crypto';
import { chmod, open, stat } from 'node:fs/promises';
import { runBound } from '../../host/bound-child.ts';
import { sha256Of } from './host.ts';

/** What a file was when it was put into the cache: by this, damage shows. */
export interface Seal {
  readonly bytes: number;
  readonly mtimeMs: number;
  /** Of files that are small enough to be read at each use. */
  readonly sha256?: string;
}

/**
 * Takes a file's seal; `whole` reads it. Its mode is set first, as nobody is to write to it from now on, and it is on the
 * disk: a host that loses its power must not leave one that looks as it should.
 */
export async function seal(path: string, mode: number, whole: boolean): Promise<Seal> {
  await chmod(path, mode);
  await using file = await open(path);
  await file.datasync();
  const { size, mtimeMs } = await stat(path);
  return { bytes: size, mtimeMs: Math.floor(mtimeMs), ...(whole && { sha256: await sha256Of(path) }) };
}

/** What has happened to a file since it was sealed, in words; undefined: nothing. */
export async function damageOf(path: string, { bytes, mtimeMs, sha256 }: Seal): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    return `${path} is gone`;
  }
  if (found.size !== bytes) {
    return `${path} has ${found.size} bytes, and had ${bytes}`;
  }
  if (Math.floor(found.mtimeMs) !== mtimeMs) {
    return `${path} was written to`;
  }
  const differs = sha256 !== undefined && (await sha256Of(path)) !== sha256;
  return differs ? `${path} has other content than it had` : undefined;
}

interface Extent {
  readonly start: number;
  readonly length: number;
  readonly data: boolean;
}

const blockSize = 2 ** 18;
const nothing = Buffer.alloc(blockSize);

/**
 * sha256 over what is in a sparse disk: each block that is not all zeros, with its place. However a copy lays its
 * holes, it has the same; a disk of 16 GiB with 1 GB in it takes a second.
 */
export async function digestOfDisk(path: string, signal: AbortSignal): Promise<string> {
  const { code, output } = await runBound(['qemu-img', 'map', '--output=json', '-f', 'raw', path], {
    signal,
  });
  if (code !== 0) {
    throw new Error(`cannot read ${path}: ${output.trim()}`);
  }
  const extents = (JSON.parse(output) as readonly Extent[]).filter(({ data }) => data);
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(blockSize);
  await using file = await open(path);
  let next = 0;

  for (const { start, length } of extents) {
    const end = Math.ceil((start + length) / blockSize);
    for (let block = Math.max(next, Math.floor(start / blockSize)); block < end; block += 1) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, blockSize, block * blockSize);
      const read = buffer.subarray(0, bytesRead);
      if (!read.equals(nothing.subarray(0, bytesRead))) {
        hash.update(`${block}:`).update(read);
      }
    }
    next = end;
  }
  return hash.digest('hex');
}
