import { describe, expect, it } from 'vitest';
import { known } from '../../../../src/diagnose/known.ts';
import { countingLines } from '../../../../src/diagnose/lines.ts';
import { caseOf, diagnosed } from '../cases.ts';
import type { Example } from './example.ts';

describe('words', () => {
  const noSpace = 'failed to create shim task: No space left on device';
  it.for<Example>([
    [
      'ENOSPC is the disk',
      { component: 'distro-host', class: 'inotify-exhausted' },
      { scenario: 'control.runc', says: noSpace },
      { red: { inotify: 'no watch is left' }, green: ['inotify'] },
    ],
    [
      'ENOSPC is the disk, whatever the disk says',
      { component: 'distro-host', class: 'cgroup' },
      { scenario: 'control.runc', says: noSpace },
      { red: { cgroup: 'no cgroup can be made: No space left on device' } },
    ],
    ['ENOSPC is the disk that has room', { component: 'unknown' }, { says: noSpace }],
    ['SIGBUS is /dev/shm', { component: 'unknown' }, { says: 'qemu: Bus error' }],
    [
      'a scenario that found the words has seen the cause',
      { component: 'unknown' },
      { class: 'shm-too-small', says: 'unable to map backing store' },
    ],
    [
      '`failed to initialize kvm` is the host above',
      { component: 'distro-host', class: 'kvm-access' },
      { says: 'qemu: failed to initialize kvm: Permission denied' },
      { red: { kvm: "/dev/kvm has mode 600, and the distro's rules give it 660" }, green: ['kvm'] },
    ],
    [
      '`failed to initialize kvm` is the nesting',
      { component: 'unknown' },
      { says: 'qemu: failed to initialize kvm: Permission denied' },
    ],
    [
      "cloud-hypervisor's HTTP 500 is its API's skew",
      { component: 'unknown' },
      { stack: 'clh', says: 'error: HTTP/1.1 500 InternalServerError' },
    ],
    [
      "unmet dependencies are the mirror's",
      { component: 'distro-packaging', class: 'uninstallable' },
      {
        outcome: {
          status: 'errored',
          phase: 'image',
          message: 'apt ended with 100',
          detail: 'The following packages have unmet dependencies: a : Depends: b but it is not installable',
        },
      },
    ],
    [
      "unmet dependencies are the packagers', though half of the mirror was not had",
      { component: 'infra' },
      {
        outcome: {
          status: 'errored',
          phase: 'image',
          message: 'E: Failed to fetch x  404  Not Found',
          detail: 'unmet dependencies',
        },
      },
    ],
    [
      'io_uring forbidden is a QEMU without it',
      { component: 'distro-host' },
      {
        scenario: 'vmm.qemu.probe',
        says: "the distro's QEMU lacks what Kata needs: aio.io_uring (no: aio=io_uring was specified, but is not available: io_uring setup: Operation not permitted)",
      },
      { red: { 'io-uring': 'kernel.io_uring_disabled is 2' }, green: ['io-uring'] },
    ],
    [
      'a VMM that exited is at fault, whatever it said',
      { component: 'distro-vmm', class: 'qemu-device-missing' },
      { class: 'vmm-exited', lines: ["qemu: 'nvdimm' is not a valid device model name"] },
    ],
    [
      "what errs is somebody else's fault",
      { component: 'farm', class: 'trouble' },
      { outcome: { status: 'errored', phase: 'boot', message: 'the machine was lost' } },
    ],
    [
      "a slow machine is Kata's",
      { component: 'farm', class: 'slow' },
      { outcome: { status: 'errored', phase: 'execute', message: 'slow: Kata waits no longer than 50 s' } },
    ],
    [
      'a container in no VM is the fault of its engine',
      { component: 'unknown', class: 'guest-kernel-same' },
      { class: 'guest-kernel-same', says: "it runs on the machine's own kernel" },
    ],
    [
      "an AppArmor that is off is the distro's policy",
      { component: 'farm', class: 'lsm-state' },
      {
        scenario: 'host.lsm',
        says: "AppArmor is the distro's default, and its userspace (apparmor_parser) is missing",
      },
    ],
    [
      'a program that is no part of the release speaks for it',
      { component: 'farm', class: 'wrong-vmm' },
      { says: "what ran is /opt/x, and not the distro's /usr/bin/x", scenario: 'vmm.qemu.boot' },
    ],
    [
      "another VMM than the one that Kata was told is the farm's",
      { component: 'unknown', class: 'wrong-vmm' },
      { class: 'wrong-vmm', says: 'the vmm that ran is x.away, and not the x that was configured' },
    ],
    [
      "a class that nobody has met is somebody's",
      { component: 'unknown', class: 'never-heard-of' },
      { class: 'never-heard-of' },
    ],
  ])('do not say: %s', ([, is, told, world]) => {
    expect(diagnosed(caseOf(told), world).finding).toMatchObject(is);
  });

  it('of a message win over those of lines, and what a scenario names over both', () => {
    const says = "'nvdimm' is not a valid device model name";
    const lines = ['Kernel panic - not syncing: x'];

    expect(known(caseOf({ says, lines })).row?.id).toBe('qemu-device-missing');
    expect(known(caseOf({ says, lines, class: 'net-attach' })).row?.id).toBe('net-attach');
  });
});

describe('what rests on words that were not heard', () => {
  it('is never surer than the table', () => {
    const { finding } = diagnosed(caseOf({ silent: true, donors: ['vmm'] }), { green: ['vmm'] });

    expect(finding).toMatchObject({ component: 'kata-vmm', confidence: 'table' });
  });
});

describe('lines', () => {
  const at = '2026-11-22T01:02:03.000000+0000 host';
  const line = (text: string) => ({ file: 'journal.txt', line: 1, text });

  it.for([
    [
      'is in the control as well',
      ['2026-11-21T09:00:00.000000+0000 other kata[12]: error 8 of sandbox 0a1b2c3d'],
      `${at} kata[7]: error 9 of sandbox 9f8e7d6c`,
    ],
    [
      'is in the last green as well',
      ['[    1.5] kvm: 4711: unhandled 0xdeadbeef'],
      '[   88.1] kvm: 4712: unhandled 0xcafebabe',
    ],
    ['was only noted by SELinux', [], 'avc:  denied  { open } for pid=7 permissive=1'],
    ['was only noted by AppArmor', [], 'audit: apparmor="ALLOWED" operation="open"'],
  ] as const)('do not count where one %s', ([, usual, text]) => {
    expect(countingLines([line(text)], usual)).toEqual([]);
  });

  it('count where they are new and enforced', () => {
    const said = `${at} kata[7]: sandbox-one: avc: denied { open } permissive=0`;

    expect(countingLines([line(said)], ['another line'])).toEqual([line(said)]);
  });
});
