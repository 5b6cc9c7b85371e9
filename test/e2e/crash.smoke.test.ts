import { expect, it } from 'vitest';
import { expectWhole } from '../support/crash-checks.ts';
import { crashed } from '../support/crashes.ts';

it('is killed three times, and its run comes to the same end', async () => {
  const words = [
    'debian-13',
    '--yes',
    '--kata',
    'none',
    '--stack',
    'host',
    '--scenario',
    'host.c*',
    '--scenario',
    'host.l*',
    '--scenario',
    'host.modules',
  ];
  const three = await crashed(words, 3, 12_000);

  expectWhole(three);
  expect(three.code).toBe(0);
});
