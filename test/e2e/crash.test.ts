import { expect, it } from 'vitest';
import { expectWhole } from '../support/crash-checks.ts';
import { crashed } from '../support/crashes.ts';

it('is killed at 25 random instants, and its run comes to the same end', async () => {
  const many = await crashed(['debian-13', '--yes', '--kata', 'none'], 25, 20_000);

  expectWhole(many);
  expect(many.code).toBe(0);
});
