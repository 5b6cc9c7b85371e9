import { describe, expect, it } from 'vitest';
import { mendingOf } from '../../../src/diagnose/facilities.ts';
import { deviceFacilities } from '../../../src/diagnose/facilities-devices.ts';
import { caseOf, diagnosed, type Told, type World } from './cases.ts';

/** Learned from faults that were planted in machines (test/faults). */
const qemuEnded = 'QEMU ended with status 1 before it could make a QMP socket';
const handshake = 'Failed to read msg header. Read 0 instead of 12. Original request 1.';

/** As where `--kata none` was said. */
const withoutKata = { kata: undefined } as unknown as Told;

describe('what a fault comes to', () => {
  it.each<[string, string, string, Told, World]>([
    [
      'a BIOS that was not installed',
      'distro-packaging',
      'firmware-missing',
      { scenario: 'vmm.qemu.boot', says: `${qemuEnded}\nqemu: could not load PC BIOS 'bios-256k.bin'` },
      {},
    ],
    [
      "a vsock address that another guest of the farm's has",
      'farm',
      'vsock-cid-taken',
      {
        scenario: 'vmm.qemu.boot',
        says: `${qemuEnded}\nvhost-vsock: unable to set guest cid: Address already in use`,
      },
      {},
    ],
    [
      'a virtiofsd without a mode to be executed by',
      'distro-packaging',
      'not-executable',
      {
        scenario: 'vmm.virtiofsd.start',
        says: "virtiofsd ended with status 126 on Kata's arguments: sh: 1: /usr/libexec/virtiofsd: Permission denied",
        donors: ['lsm'],
      },
      {},
    ],
    [
      'the same words where the policy denies it',
      'distro-policy',
      'not-executable',
      {
        scenario: 'vmm.virtiofsd.start',
        says: "virtiofsd ended with status 126 on Kata's arguments: sh: 1: /usr/libexec/virtiofsd: Permission denied",
        donors: ['lsm'],
      },
      { green: ['lsm'] },
    ],
    [
      "a program of the distro's for another libc of the distro's",
      'distro-packaging',
      'glibc',
      { scenario: 'vmm.virtiofsd.start', says: "libc.so.6: version `GLIBC_9.99' not found" },
      {},
    ],
    [
      "the same in a container of Kata's, where it may be anybody's",
      'unknown',
      'glibc',
      { scenario: 'kata.uname', says: "libc.so.6: version `GLIBC_9.99' not found" },
      {},
    ],
    [
      "a virtiofsd that hangs up at QEMU's first word",
      'distro-virtiofsd',
      'vhost-user-handshake',
      { scenario: 'vmm.virtiofs.mount', says: `the VMM ended with status 1\n${handshake}` },
      {},
    ],
    [
      'a virtiofsd that answers what QEMU does not understand',
      'unknown',
      'vhost-user-handshake',
      {
        scenario: 'vmm.virtiofs.mount',
        says: `the VMM ended with status 1\n${handshake.replace('Read 0', 'Read 5')}`,
      },
      {},
    ],
    [
      "a plain file where a device's node should be",
      'distro-host',
      'host-device',
      { scenario: 'host.devices', says: '/dev/vhost-net: not a character device' },
      { red: { 'vhost-net': '/dev/vhost-net is not a character device' }, green: ['vhost-net'] },
    ],
    [
      'a property that an older QEMU has not, in a run without any Kata',
      'distro-vmm',
      'qemu-property-old',
      {
        scenario: 'vmm.qemu.kata-cmdline',
        says: "the distro's QEMU refuses what Kata asks of it: Property 'memory-backend-file.readonly' not found",
        ...withoutKata,
      },
      {},
    ],
    [
      'a parameter that a newer QEMU has dropped, in a run without any Kata',
      'kata',
      'qemu-syntax-new',
      {
        scenario: 'vmm.qemu.kata-cmdline',
        says: "the distro's QEMU refuses what Kata asks of it: Invalid parameter 'driftfix'",
        facts: { 'qemu.version': '12.1.0' },
        ...withoutKata,
      },
      {},
    ],
    [
      'a module that modprobe is told not to load',
      'distro-host',
      'host-module-forbidden',
      {
        scenario: 'host.kvm',
        says: "modprobe kvm_amd failed\nmodprobe: ERROR: ../libkmod/libkmod-module.c:1047 command_do() Error running install command '/bin/false' for module kvm_amd: retcode 1",
      },
      {},
    ],
    [
      "an initrd of the farm's whose programs do not run",
      'farm',
      'trouble',
      {
        scenario: 'vmm.qemu.boot',
        outcome: {
          ...{ status: 'errored', phase: 'execute' },
          message: "the farm's initrd has a busybox that does not run",
          detail: "chroot: failed to run command '/bin/busybox': No such file or directory",
        },
      },
      {},
    ],
    [
      "a guest's kernel that starts no init, of an initrd whose programs do run",
      'unknown',
      'guest-panic',
      {
        scenario: 'vmm.qemu.boot',
        says: "the nested guest's kernel panicked: No working init found.  Try passing init= option to kernel.",
      },
      {},
    ],
    [
      'watches that are used up, and a plugin that says "no space"',
      'distro-host',
      'inotify-exhausted',
      { scenario: 'host.containerd', says: "containerd's plugin cri is error" },
      { red: { inotify: 'no watch is left: No space left on device' }, green: ['inotify'] },
    ],
  ])('%s is %s %s', (_what, component, kind, told, world) => {
    const { finding } = diagnosed(caseOf(told), world);

    expect([finding.component, finding.class]).toEqual([component, kind]);
  });
});

describe('a device', () => {
  it.each(deviceFacilities)('$id that is a plain file is put right by making the node anew', ({ id }) => {
    expect(mendingOf(id)).toMatch(/rm -f \/dev\/\S+; *modprobe -r|rm -f \/dev\/\S+\n\s+modprobe -r/);
  });
});
