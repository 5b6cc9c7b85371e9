import { AssertionError } from 'node:assert/strict';
import { expect, test } from 'vitest';
import { FarmError } from '../../../scenarios/parts/farm-error.ts';
import { messageIn, told } from '../../../scenarios/parts/told.ts';

const ended = (exitCode: number, stderr: string) =>
  // biome-ignore lint/suspicious/noExplicitAny: zx rejects with an output, which is no Error of this place
  Promise.reject<any>(Object.assign(new Error('the command line'), { stdout: '', stderr, exitCode }));

test('a script that ends well tells its output, trimmed', async () => {
  await expect(told(Promise.resolve({ stdout: ' kernel=6.12\n', stderr: '', exitCode: 0 }))).resolves.toBe(
    'kernel=6.12',
  );
});

test('a script that fails tells why in its own words, whatever evidence stands around them', async () => {
  const stderr =
    '--- console\nnoise\nkatafarm: QEMU ended with status 1\nkatafarm: its last words\n--- end\n';

  const error = await told(ended(1, stderr)).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(AssertionError);
  expect(error).toHaveProperty('message', 'QEMU ended with status 1\nits last words');
  expect(error).toHaveProperty('cause.exitCode', 1);
});

test("what is the farm's trouble is not the machine's failure", async () => {
  await expect(told(ended(70, 'katafarm: cannot ask KVM\n'))).rejects.toBeInstanceOf(FarmError);
});

test('a command that fails without a word of ours is thrown as it is', async () => {
  await expect(told(ended(2, 'ls: cannot access\n'))).rejects.toThrow('the command line');
});

test('no line of ours is no message', () => {
  expect(messageIn('some noise\n')).toBeUndefined();
});
