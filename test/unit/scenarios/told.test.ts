import { AssertionError } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FarmError } from '../../../scenarios/parts/farm-error.ts';
import { messageIn, told } from '../../../scenarios/parts/told.ts';
import { root } from '../../support/farm.ts';

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

test.for([
  ['fail_as guest-kernel-same', { message: 'it is in no VM\nkernel 6.12', class: 'guest-kernel-same' }],
  ['fail', { message: 'it is in no VM\nkernel 6.12', class: undefined }],
] as const)('a script says by %s what failed, and of which kind it is', async ([verb, failure]) => {
  const script = `. ./machine.sh; echo 'katafarm-class: no-one-s' ; ${verb} 'it is in no VM' 'kernel 6.12'; echo on`;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-euc', script], {
    cwd: join(root, 'scenarios/parts'),
    encoding: 'utf8',
  });

  const error = await told(ended(status ?? 0, stderr)).catch((reason: unknown) => reason);

  expect(stdout).not.toContain('on\n');
  expect(error).toBeInstanceOf(AssertionError);
  expect({ message: (error as Error).message, class: (error as { class?: string }).class }).toEqual(failure);
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
