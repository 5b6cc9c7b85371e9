/** A piece of a zstd frame, and whether the frame ends with it. */
export interface FramePiece {
  readonly bytes: Buffer;
  readonly ends: boolean;
}

/** RFC 8878, sections 3.1.1 and 3.1.2. */
const frameMagic = 0xfd2f_b528;
const skippableMagic = 0x184d_2a50;

/**
 * Cuts a zstd file into its frames, as Node decompresses the first one alone: pzstd makes many, and files that were put
 * together have several. It ends where the file does, be that in the middle of a frame.
 */
export async function* framePieces(file: AsyncIterable<Buffer>): AsyncGenerator<FramePiece> {
  const from = readerOf(file);
  for (let magic = await from.take(4); magic.length > 0; magic = await from.take(4)) {
    const number = magic.length < 4 ? 0 : magic.readUInt32LE();
    if ((number & 0xffff_fff0) >>> 0 === skippableMagic) {
      const size = await from.take(4);
      for await (const _ of from.pass(size.length < 4 ? 0 : size.readUInt32LE())) {
        // It says nothing about what is packed.
      }
    } else if (number === frameMagic) {
      yield { bytes: magic, ends: false };
      yield* frame(from);
    } else {
      throw new Error('there is something else behind what is packed');
    }
  }
}

async function* frame(from: Reader): AsyncGenerator<FramePiece> {
  const descriptor = await from.take(1);
  const flags = descriptor[0] ?? 0;
  yield { bytes: Buffer.concat([descriptor, await from.take(headerLength(flags))]), ends: false };

  for (let isLast = false; !isLast; ) {
    const header = await from.take(3);
    if (header.length < 3) {
      return;
    }
    const words = header.readUIntLE(0, 3);
    isLast = (words & 1) === 1;
    const isRepeat = ((words >> 1) & 3) === 1;
    yield { bytes: header, ends: false };
    for await (const bytes of from.pass(isRepeat ? 1 : words >> 3)) {
      yield { bytes, ends: false };
    }
  }
  const checksum = await from.take((flags & 4) === 0 ? 0 : 4);
  yield { bytes: checksum, ends: true };
}

/** What follows the descriptor (3.1.1.1): a window's size, a dictionary's id, the content's size. */
function headerLength(flags: number): number {
  const isSingle = (flags & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
  const content = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  return (isSingle ? 0 : 1) + dictionary + content;
}

interface Reader {
  /** So many bytes, or what there is up to the end. */
  take(bytes: number): Promise<Buffer>;
  /** The same, as they come. */
  pass(bytes: number): AsyncGenerator<Buffer>;
}

function readerOf(file: AsyncIterable<Buffer>): Reader {
  const chunks = file[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function* pass(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (rest.length === 0) {
        const next = await chunks.next();
        if (next.done) {
          return;
        }
        rest = next.value;
      }
      const some = rest.subarray(0, left);
      rest = rest.subarray(some.length);
      left -= some.length;
      yield some;
    }
  }

  const take = async (bytes: number) => {
    const taken: Buffer[] = [];
    for await (const some of pass(bytes)) {
      taken.push(some);
    }
    return Buffer.concat(taken);
  };
  return { pass, take };
}
