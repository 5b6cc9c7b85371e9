import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unzipArchive } from '../../src/install/kata/zip.ts';
import { zipOf } from '../support/zip.ts';

const never = new AbortController().signal;
const data = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index) % 251));
const one = { name: 'kata-static.tar.zst', data };

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zip-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function unzip(zip: Buffer): Promise<Buffer> {
  await writeFile(join(folder, 'a.zip'), zip);
  await unzipArchive(join(folder, 'a.zip'), join(folder, 'out'), never);
  return readFile(join(folder, 'out'));
}

describe('a zip of an artifact', () => {
  it.each([
    ['deflated', zipOf([one])],
    ['stored', zipOf([{ ...one, stored: true }])],
    ['of more than 4 GiB', zipOf([one], { large: true })],
  ])('gives its archive: %s', async (_, zip) => {
    expect((await unzip(zip)).equals(data)).toBe(true);
  });

  it.each([
    ['is empty', zipOf([]), /there is nothing in it/],
    ['holds two files', zipOf([one, { ...one, name: 'b.tar.zst' }]), /one archive and nothing else/],
    ['holds something else', zipOf([{ ...one, name: '../../evil.sh' }]), /one archive and nothing else/],
    ['is none', Buffer.from('hello'.repeat(100)), /it is no zip, or cut short/],
    ['is cut short', zipOf([one]).subarray(0, -300), /it is no zip, or cut short/],
    ['has a directory that leads nowhere', nowhere(), /it is no zip, or cut short|nothing in it/],
    ['has other bytes than it says', damaged(), /damaged/],
    ['says too little', short(), /more in it than it says|damaged/],
  ])('is refused where it %s', async (_, zip, reason) => {
    await expect(unzip(zip)).rejects.toThrow(reason);

    await expect(stat(join(folder, 'out'))).rejects.toThrow('ENOENT');
  });
});

function nowhere(): Buffer {
  const zip = zipOf([one]);
  zip.writeUInt32LE(zip.length - 3, zip.length - 6);
  return zip;
}

function damaged(): Buffer {
  const zip = zipOf([{ ...one, stored: true }]);
  zip.fill(0x41, 100, 200);
  return zip;
}

function short(): Buffer {
  const zip = zipOf([one]);
  const central = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  zip.writeUInt32LE(1000, central + 24);
  return zip;
}
