import { describe, expect, it } from 'vitest';
import { latestIn } from '../../../../src/providers/qemu/cloud/publisher.ts';

describe('the newest build of a page', () => {
  it.each([
    ['by its numbers', '"3.23.0/" "3.23.10/" "3.23.2/"', '"([\\d.]+)/"', '3.23.10'],
    [
      'by its day, then by the build of the day',
      'v20261115.9 v20261115.10 v20261101.3',
      'v([\\d.]+)',
      '20261115.10',
    ],
    ['with its revision', 'a-44-1.7 a-44-1.14 a-43-9.9', 'a-([\\d.-]+)', '44-1.14'],
    ['of nightly builds', 'x-20261120.n.1 x-20261120.n.0', 'x-(\\d+\\.n\\.\\d+)', '20261120.n.1'],
    ['though it stands first', '"20261120-2200/" "20261102-90/"', '"(\\d{8}-\\d+)/"', '20261120-2200'],
  ])('is the latest %s', (_, page, pattern, build) => {
    expect(latestIn(page, pattern)).toBe(build);
  });

  it('is none where nothing fits', () => {
    expect(latestIn('<html>moved</html>', '"(\\d+)/"')).toBeUndefined();
  });
});
