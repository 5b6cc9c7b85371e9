import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { sshOptions } from '../../../src/providers/qemu/ssh-options.ts';

const identity = { key: '/cache/key', knownHosts: '/cache/100%/known_hosts' };

it('asks for the cheapest cipher first, and takes the usual ones from a machine that has no such', () => {
  const told = execFileSync('ssh', ['-G', ...sshOptions(identity, 2222, '/run/ssh'), 'root@127.0.0.1']);

  const ciphers = /^ciphers (.*)$/m.exec(String(told))?.[1]?.split(',') ?? [];
  expect(ciphers[0]).toBe('aes128-ctr');
  expect(ciphers.length).toBeGreaterThan(3);
  expect(new Set(ciphers).size).toBe(ciphers.length);
  expect(String(told)).toMatch(/^macs umac-64-etm@openssh\.com,umac-128-etm@openssh\.com,hmac-/m);
});

it('knows machines by the name that stands in their template, at whatever port they are', () => {
  const told = execFileSync('ssh', ['-G', ...sshOptions(identity, 2222, '/run/ssh'), 'root@127.0.0.1']);

  expect(String(told)).toMatch(/^hostkeyalias machine$/m);
  expect(String(told)).toMatch(/^userknownhostsfile \/cache\/100%\/known_hosts$/m);
  expect(String(told)).toMatch(/^port 2222$/m);
});
