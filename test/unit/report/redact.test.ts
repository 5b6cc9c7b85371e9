import { describe, expect, it } from 'vitest';
import { redactor } from '../../../src/report/redact.ts';

const redact = redactor({
  hosts: ['builder7', 'mirror.corp.example', 'debian'],
  users: ['alice', 'root', 'kata'],
  folders: [
    { path: '/srv/ci/runs/20261121-2225-b0a7', shown: 'RUN' },
    { path: '/srv/ci', shown: 'FOLDER' },
    { path: '/tmp', shown: 'TMP' },
  ],
  addresses: ['203.0.113.9', 'fe80::1c2d:3eff:fe4f:5a6b', '52:54:00:aa:bb:cc'],
});

describe('what is somebody’s own', () => {
  it.each([
    ['on builder7 it failed', 'on HOST it failed'],
    ['BUILDER7.corp.example.com: no', 'HOST: no'],
    ['from http://mirror.corp.example/debian trixie', 'from http://HOST/debian trixie'],
    ['by alice (uid 1000)', 'by USER (uid 1000)'],
    ['/home/bob/kata.log:3', '/home/USER/kata.log:3'],
    ['/Users/eve/x', '/Users/USER/x'],
    ['/srv/ci/runs/20261121-2225-b0a7/cells/a', 'RUN/cells/a'],
    ['/srv/ci/other', 'FOLDER/other'],
    ['link 52:54:00:aa:bb:cc up', 'link ADDRESS up'],
    ['link 3c:22:fb:01:02:03 up', 'link MAC up'],
    ['dial tcp 192.168.7.3:443: refused', 'dial tcp ADDRESS:443: refused'],
    ['inet 203.0.113.9/24', 'inet ADDRESS/24'],
    ['inet6 fe80::1c2d:3eff:fe4f:5a6b', 'inet6 ADDRESS'],
    ['to 2001:db8:1:2::5 port 80', 'to ADDRESS port 80'],
  ])('is taken out of %s', (text, left) => {
    expect(redact(text)).toBe(left);
  });
});

describe('secrets', () => {
  it.each([
    ['https://bob:hunter2@mirror.example/debian', 'https://mirror.example/debian'],
    ['https://bob:p@ss/word@mirror.example/debian', 'https://mirror.example/debian'],
    ['https://ghp_0123456789abcdefghij@example.org/x', 'https://example.org/x'],
    ['clone with ghp_0123456789abcdefghij failed', 'clone with SECRET failed'],
    ['GITHUB_TOKEN=abc123 make', 'GITHUB_TOKEN=SECRET make'],
    ['{"api_key": "abc def"}', '{"api_key": SECRET}'],
    ['?access_token=abc&x=1', '?access_token=SECRET&x=1'],
    ['Authorization: Bearer abcdefghijklmnop', 'Authorization: SECRET'],
    ['curl --password hunter2 x', 'curl --password SECRET x'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'SECRET'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\nend', 'SECRET\nend'],
  ])('are taken out of %s', (text, left) => {
    expect(redact(text)).toBe(left);
  });
});

describe('what tells of nobody', () => {
  it.each([
    'qemu-system-common 1:7.2+dfsg-7+deb12u18 of debian',
    'as root, in /usr/lib/qemu/virtiofsd',
    '10.0.2.15 by 127.0.0.1 and 0.0.0.0',
    'kernel 6.12.57+deb13-amd64, QEMU 7.2.22',
    'mac=02:00:00:00:00:01',
    'malice in /srv/cid',
    '/tmp/socket in the machine',
    "virtiofsd ended with status 1 on Kata's arguments: fuse: invalid argument `socket'",
    'Waiting for vhost-user socket connection',
    '[   5.9] 12:34:56 failed',
  ])('stays as it is: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('takes as names no patterns', () => {
    const strange = redactor({ hosts: ['a.b+c'], users: ['$&x'], folders: [], addresses: [] });

    expect(strange('a.b+c aXb+c $&x')).toBe('HOST aXb+c USER');
  });
});
