import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { remoteCommand, remoteShell } from '../../src/host/ssh-terminal.ts';

/** As sshd does it: the user's shell takes the command line. */
function ended(command: string, typed: string) {
  const { status } = spawnSync('/bin/sh', ['-c', command], {
    input: typed,
    env: { ...process.env, SHELL: '/bin/sh' },
  });
  return status;
}

describe('the exit status of a session', () => {
  it.each([
    { typed: 'exit 0', status: 0 },
    { typed: 'exit 7', status: 7 },
    { typed: 'exit 255', status: 254 },
    { typed: 'kill -9 $$', status: 137 },
  ])(
    'is that of a shell that was left with `$typed`: $status, as 255 is ssh its own',
    ({ typed, status }) => {
      expect(ended(remoteShell, `${typed}\n`)).toBe(status);
    },
  );

  it('is that of a command', () => {
    expect([ended(remoteCommand('exit 7'), ''), ended(remoteCommand('exit 255'), '')]).toEqual([7, 254]);
  });
});
