import { crc32, deflateRawSync } from 'node:zlib';

/** A file of a zip; `stored`: as it is, not deflated. */
export interface Zipped {
  readonly name: string;
  readonly data: Buffer;
  readonly stored?: boolean;
}

/** Writes a zip as GitHub's artifacts are: sizes stand behind the data and in the directory, in 64 bits if wanted. */
export function zipOf(files: readonly Zipped[], { large = false } = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;

  for (const { name, data, stored = false } of files) {
    const packed = stored ? data : deflateRawSync(data);
    const [local, central] = [Buffer.alloc(30), Buffer.alloc(46)];
    const numbers = [crc32(data), packed.length, data.length] as const;
    local.write('PK\x03\x04', 'latin1');
    local.writeUInt16LE(8, 6);
    local.writeUInt16LE(stored ? 0 : 8, 8);
    local.writeUInt16LE(name.length, 26);
    const descriptor = Buffer.alloc(16);
    descriptor.write('PK\x07\x08', 'latin1');
    for (const [index, number] of numbers.entries()) {
      descriptor.writeUInt32LE(number, 4 + index * 4);
      central.writeUInt32LE(large && index > 0 ? 0xffff_ffff : number, 16 + index * 4);
    }
    const extra = Buffer.alloc(large ? 28 : 0);
    if (large) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      for (const [index, number] of [data.length, packed.length, offset].entries()) {
        extra.writeBigUInt64LE(BigInt(number), 4 + index * 8);
      }
    }
    central.write('PK\x01\x02', 'latin1');
    central.writeUInt16LE(stored ? 0 : 8, 10);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(extra.length, 30);
    central.writeUInt32LE(large ? 0xffff_ffff : offset, 42);
    directory.push(central, Buffer.from(name), extra);
    const body = Buffer.concat([local, Buffer.from(name), packed, descriptor]);
    bodies.push(body);
    offset += body.length;
  }

  return Buffer.concat([...bodies, ...directory, ...endOf(Buffer.concat(directory).length, offset, large)]);
}

function endOf(length: number, offset: number, large: boolean): readonly Buffer[] {
  const [end64, locator, end] = [Buffer.alloc(56), Buffer.alloc(20), Buffer.alloc(22)];
  end64.write('PK\x06\x06', 'latin1');
  end64.writeBigUInt64LE(BigInt(length), 40);
  end64.writeBigUInt64LE(BigInt(offset), 48);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(offset + length), 8);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt32LE(large ? 0xffff_ffff : length, 12);
  end.writeUInt32LE(large ? 0xffff_ffff : offset, 16);
  return large ? [end64, locator, end] : [end];
}
