import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diskDamage } from '../../src/providers/qemu/disk-damage.ts';
import { digestOfDisk } from '../../src/providers/qemu/seal.ts';

const never = new AbortController().signal;
const monday = new Date('2026-11-23T00:00:00Z');
const days = (count: number) => new Date(monday.getTime() + count * 86_400_000);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-'));
  await writeFile(join(folder, 'disk.raw'), 'ext4, say');
  await record(await digestOfDisk(join(folder, 'disk.raw'), never));
});

afterEach(() => rm(folder, { recursive: true }));

const record = (disk: string) => writeFile(join(folder, 'image.json'), JSON.stringify({ disk }));

it('is looked for once a week in a disk that nobody touches', async () => {
  expect(await diskDamage(folder, never, monday)).toBeUndefined();
  await record('another');

  expect(await diskDamage(folder, never, days(6))).toBeUndefined();
  expect(await diskDamage(folder, never, days(8))).toMatch(/other content/);
  expect(await diskDamage(folder, never, days(-1))).toMatch(/other content/);
  expect(await diskDamage(folder, never)).toMatch(/other content/);
});

it('is looked for at once in a disk that was touched, whatever its times say', async () => {
  await utimes(join(folder, 'disk.raw'), 1, 1);
  expect(await diskDamage(folder, never, monday)).toBeUndefined();
  await writeFile(join(folder, 'disk.raw'), 'ext4, no?');
  await utimes(join(folder, 'disk.raw'), 1, 1);

  expect(await diskDamage(folder, never, monday)).toMatch(/other content/);
});
