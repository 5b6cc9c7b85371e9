import { expect, it } from 'vitest';
import { Once } from '../../../src/host/once.ts';

it('is done once for all who ask', async () => {
  let done = 0;
  const once = new Once<number>();
  const deed = async () => (done += 1);

  expect(await Promise.all([once.get(deed), once.get(deed)])).toEqual([1, 1]);
  expect(await once.get(deed)).toBe(1);
});

it('is done again by who asks after it went wrong', async () => {
  const once = new Once<string>();

  await expect(once.get(() => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
  expect(once.known).toBeUndefined();
  expect(await once.get(async () => 'there')).toBe('there');
});
