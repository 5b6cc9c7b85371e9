import { expect, it } from 'vitest';
import { availableMiB } from '../../../src/commands/host-facts.ts';

it('takes no more memory than the container around it is given', async () => {
  expect(availableMiB(() => 512 * 2 ** 20)).toBe(512);
});

it('takes no more memory than the host has left, whatever its container is given', async () => {
  expect(availableMiB(() => Number.MAX_SAFE_INTEGER)).toBeLessThan(64 * 2 ** 20);
});
