import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { framePieces } from '../../../src/install/kata/zstd-frames.ts';

const noise = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index * 7919) % 251));
const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
const frames = [
  zstdCompressSync(Buffer.from('a')),
  zstdCompressSync(noise, checked),
  zstdCompressSync(Buffer.alloc(2 ** 20)),
  zstdCompressSync(Buffer.alloc(0)),
];
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

/** What comes out, frame by frame, of a file that is read in pieces of so many bytes. */
async function framesOf(file: Buffer, step: number): Promise<readonly string[]> {
  async function* read() {
    for (let at = 0; at < file.length; at += step) {
      yield file.subarray(at, at + step);
    }
  }
  const found: Buffer[][] = [[]];
  for await (const { bytes, ends } of framePieces(read())) {
    found.at(-1)?.push(bytes);
    if (ends) {
      found.push([]);
    }
  }
  return found.map((pieces) => Buffer.concat(pieces).toString('hex')).filter((hex) => hex !== '');
}

describe('a zstd file', () => {
  it.each([1, 7, 4096, 2 ** 24])('is cut into its frames, read %d bytes at a time', async (step) => {
    const file = Buffer.concat([skippable, ...frames.slice(0, 2), skippable, ...frames.slice(2)]);

    expect(await framesOf(file, step)).toEqual(frames.map((frame) => frame.toString('hex')));
  });

  it('ends in the middle of a frame where it is cut short', async () => {
    const [, , last = Buffer.alloc(0)] = frames;

    expect(await framesOf(last.subarray(0, -5), 100)).toEqual([last.subarray(0, -5).toString('hex')]);
  });

  it('is refused with something else behind it', async () => {
    await expect(framesOf(Buffer.concat([...frames, Buffer.from('more of it')]), 100)).rejects.toThrow(
      'something else behind what is packed',
    );
  });
});
