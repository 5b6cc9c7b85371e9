import type { FileHandle } from 'node:fs/promises';

/** What a zip's directory says of a file in it (APPNOTE.TXT 4.3.12). */
export interface Member {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly bytes: number;
  readonly offset: number;
}

const endSize = 22;
const longestComment = 65_535;

/** Reads the directory at a zip's end; undefined where there is none that could be read. */
export async function membersOf(file: FileHandle): Promise<readonly Member[] | undefined> {
  try {
    return await readDirectory(file);
  } catch (error) {
    // A length that leads out of what is there.
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

async function readDirectory(file: FileHandle): Promise<readonly Member[] | undefined> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - endSize - longestComment - 20), size);
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end === -1 || tail.length - end < endSize) {
    return undefined;
  }
  const locator = tail.subarray(Math.max(0, end - 20), end);
  const where = locator.toString('latin1', 0, 4) === 'PK\x06\x07' ? await where64(file, locator) : undefined;
  const [length, start] = where ?? [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (length > 2 ** 20 || start + length > size) {
    return undefined;
  }
  return readMembers(await readAt(file, start, start + length));
}

/** Of an archive of 4 GiB and more: the directory's length and place (4.3.14). */
async function where64(file: FileHandle, locator: Buffer): Promise<readonly [number, number]> {
  const at = Number(locator.readBigUInt64LE(8));
  const end = await readAt(file, at, at + 56);
  return end.length < 56 ? [0, 0] : [Number(end.readBigUInt64LE(40)), Number(end.readBigUInt64LE(48))];
}

function readMembers(directory: Buffer): readonly Member[] {
  const members: Member[] = [];
  for (let at = 0; directory.toString('latin1', at, at + 4) === 'PK\x01\x02'; ) {
    const entry = directory.subarray(at);
    const [names, extras, comments] = [
      entry.readUInt16LE(28),
      entry.readUInt16LE(30),
      entry.readUInt16LE(32),
    ];
    members.push(memberOf(entry, names, extras));
    at += 46 + names + extras + comments;
  }
  return members;
}

function memberOf(entry: Buffer, names: number, extras: number): Member {
  const small = {
    bytes: entry.readUInt32LE(24),
    packed: entry.readUInt32LE(20),
    offset: entry.readUInt32LE(42),
  };
  return {
    name: entry.toString('utf8', 46, 46 + names),
    method: entry.readUInt16LE(10),
    crc: entry.readUInt32LE(16),
    ...small,
    ...large(small, entry.subarray(46 + names, 46 + names + extras)),
  };
}

type Sizes = Pick<Member, 'bytes' | 'packed' | 'offset'>;
const saturated = 0xffff_ffff;

/** What did not fit into 32 bits stands in an extra field, in this order (4.5.3). */
function large(small: Sizes, extra: Buffer): Partial<Sizes> {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) {
      const names = (['bytes', 'packed', 'offset'] as const).filter((name) => small[name] === saturated);
      return Object.fromEntries(
        names.map((name, index) => [name, Number(extra.readBigUInt64LE(at + 4 + index * 8))]),
      );
    }
  }
  return {};
}

/** Where a file's bytes begin; undefined where its own header is not there. */
export async function dataOf(file: FileHandle, { offset }: Member): Promise<number | undefined> {
  const header = await readAt(file, offset, offset + 30);
  const isOne = header.length === 30 && header.toString('latin1', 0, 4) === 'PK\x03\x04';
  return isOne ? offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28) : undefined;
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.subarray(0, bytesRead);
}
