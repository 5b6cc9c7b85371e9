import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { UserError } from '../../errors.ts';
import { type FramePiece, framePieces } from './zstd-frames.ts';

type Packing = 'zst' | 'xz' | 'gz' | 'none';

/** What an archive is packed with, by how it begins: a name can say anything. Undefined: it is no archive of ours. */
export async function packingOf(path: string): Promise<Packing | undefined> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
  const begin = buffer.subarray(0, bytesRead);
  const begins = (hex: string) => begin.toString('hex').startsWith(hex);

  if (begins('28b52ffd')) {
    return 'zst';
  }
  if (begins('fd377a585a00')) {
    return 'xz';
  }
  if (begins('1f8b')) {
    return 'gz';
  }
  return begin.toString('latin1', 257, 262) === 'ustar' ? 'none' : undefined;
}

/** The tar in an archive, as a stream; it fails where the archive is cut short or damaged. */
export function unpacked(path: string, packing: Packing, signal: AbortSignal): Readable {
  const file = createReadStream(path, { highWaterMark: 2 ** 20 });
  switch (packing) {
    case 'none':
      return file;
    case 'zst':
      return Readable.from(byZstd(file, signal));
    case 'gz':
      return piped(file, createGunzip({ chunkSize: 2 ** 18 }), signal);
    case 'xz':
      return Readable.from(byXz(path, file, signal));
    default:
      return packing satisfies never;
  }
}

function piped<T extends NodeJS.ReadWriteStream & Readable>(
  file: Readable,
  through: T,
  signal: AbortSignal,
): T {
  // The first one's trouble becomes the second one's, which is the one that is read.
  pipeline(file, through, { signal }).catch(() => {});
  return through;
}

/** Frame by frame, each by a decompressor of its own. */
async function* byZstd(file: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const pieces = framePieces(file);
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    let piece: FramePiece | undefined = next.value;
    async function* frame(): AsyncGenerator<Buffer> {
      while (piece) {
        yield piece.bytes;
        const { ends } = piece;
        const more = ends ? undefined : await pieces.next();
        piece = more?.done ? undefined : more?.value;
      }
    }
    yield* piped(Readable.from(frame()), createZstdDecompress({ chunkSize: 2 ** 18 }), signal);
  }
}

/** The most memory that xz may take: its strongest preset needs 65 MiB, and a hostile archive may want gigabytes. */
const xzMemory = '--memlimit-decompress=512MiB';

/** Node knows no xz: the host's own program does it, and dies with us. */
async function* byXz(path: string, file: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const argv = ['--pdeathsig', 'KILL', '--', 'xz', '--decompress', '--stdout', xzMemory];
  const child = spawn('setpriv', argv, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  ended.catch(() => {});
  const complaints: Buffer[] = [];
  child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes));
  pipeline(file, child.stdin, { signal }).catch(() => child.stdin.destroy());

  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const [code] = await ended;
    signal.throwIfAborted();
    const said = Buffer.concat(complaints).toString().trim();
    if (code === 127 || /No such file or directory/.test(said)) {
      throw new UserError(
        `cannot unpack ${path}: xz is not installed here; install it (the package is xz-utils or xz), or give a .tar.zst`,
        { exitCode: 3 },
      );
    }
    if (code !== 0) {
      throw new Error(said.replace(/^xz: \(stdin\): /, '') || `xz ended with ${code}`);
    }
  } finally {
    child.kill('SIGKILL');
  }
}
