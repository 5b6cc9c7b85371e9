import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { providerOptionsOf } from '../../../src/commands/provider-options.ts';

describe('the options of providers', () => {
  it('lead to the Katas of the cache, which count as well', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'options-'));
    const digest = 'a'.repeat(64);
    await mkdir(join(cache, 'kata', digest), { recursive: true });
    const { beside } = providerOptionsOf({ env: { KATAFARM_CACHE: cache }, cwd: '/' }, { accel: 'auto' });

    const items = await (await beside?.())?.list();

    expect(items?.map(({ id }) => id)).toEqual([digest]);
    await rm(cache, { recursive: true });
  });
});

const limitOf = (size: string | undefined) =>
  providerOptionsOf({ env: { HOME: '/home/farmer', KATAFARM_CACHE_SIZE: size }, cwd: '/' }, { accel: 'auto' })
    .cacheMiB;

describe('KATAFARM_CACHE_SIZE', () => {
  it.each([
    ['20G', 20_480],
    ['20GiB', 20_480],
    ['1t', 1_048_576],
    ['5000', 5_000],
    ['5000M', 5_000],
    ['0', 0],
    ['', undefined],
    [undefined, undefined],
  ])('of %s is so many MiB: %s', (size, mebibytes) => {
    expect(limitOf(size)).toBe(mebibytes);
  });

  it.each(['much', '-1', '20 %', '1.5G'])('of %s is refused', (size) => {
    expect(() => limitOf(size)).toThrow(`cannot read KATAFARM_CACHE_SIZE "${size}": say 20G, `);
  });
});
