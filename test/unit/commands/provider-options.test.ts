import { describe, expect, it } from 'vitest';
import { providerOptionsOf } from '../../../src/commands/provider-options.ts';

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
