import { describe, expect, it } from 'vitest';
import { next } from '../../../../src/diagnose/next.ts';
import type { Trial } from '../../../../src/domain/finding.ts';
import { caseOf, diagnosed, readingsOf, sibling } from '../cases.ts';
import { c, dropped, type Example } from './example.ts';

describe('the decision table', () => {
  const alone = {
    scenario: 'vmm.virtiofsd.start',
    says: "virtiofsd ended with status 3 on Kata's arguments: x",
  } as const;
  it.for<Example>([
    [
      'it fails alone, so it is at fault, though another in its place fails the same way',
      { component: 'unknown' },
      { ...alone, donors: ['virtiofsd'] },
    ],
    [
      'it fails alone, so it is at fault, whatever a policy denied it',
      { component: 'unknown' },
      { ...alone, lines: ['apparmor="DENIED" profile="virtiofsd"'] },
    ],
    [
      "a policy denied it something, so it is the policy's, though it fails without as well",
      { component: 'distro-virtiofsd' },
      { ...alone, lines: ['apparmor="DENIED" profile="virtiofsd"'], donors: ['lsm'] },
    ],
    [
      'nobody is at fault where it fails alone',
      {
        component: 'distro-virtiofsd',
        confidence: 'table',
        provenance: 'virtiofsd 1.13.2-1',
        mender: "debian-13's maintainers of virtiofsd",
      },
      alone,
    ],
    [
      'two that fail alone are one',
      { component: 'unknown' },
      {
        class: 'agent-timeout',
        siblings: [sibling('vmm.virtiofsd.start', c), sibling('vmm.qemu.kata-cmdline', dropped)],
      },
    ],
    [
      'a QEMU that fails alone is at fault where virtiofsd is what failed',
      { component: 'distro-virtiofsd' },
      {
        class: 'virtiofsd-start',
        siblings: [sibling('vmm.virtiofsd.start', c), sibling('vmm.qemu.kata-cmdline', dropped)],
      },
    ],
  ])('does not say: %s', ([, is, told, world]) => {
    expect(diagnosed(caseOf(told), world).finding).toMatchObject(is);
  });

  it('holds to its word where another in the place of a part fails in another way', () => {
    const one = caseOf({
      class: 'virtiofsd-start',
      donors: ['virtiofsd'],
      siblings: [sibling('vmm.virtiofsd.start', c)],
    });
    const trials: readonly Trial[] = [
      { experiment: { kind: 'facilities' }, readings: readingsOf(), ms: 1 },
      {
        experiment: { kind: 'swap', part: 'virtiofsd', by: 'another virtiofsd' },
        outcome: { status: 'failed', class: 'qemu-property' },
        ms: 1,
      },
    ];

    expect(next(one, trials).finding?.component).toBe('distro-virtiofsd');
  });
});

describe("the guest's kernel", () => {
  it.for<Example>([
    [
      "in stack qemu it is the distro's",
      { component: 'unknown' },
      { class: 'guest-panic', donors: ['guest-kernel'] },
      { green: ['guest-kernel'] },
    ],
    [
      'a panic is enough to blame it',
      { component: 'unknown' },
      { stack: 'qemu+distro-kernel', class: 'guest-panic' },
    ],
    [
      "a panic that the same initrd does not show with another is nobody's",
      { component: 'distro-kernel', confidence: 'swap' },
      { stack: 'qemu+distro-kernel', class: 'guest-panic', donors: ['guest-kernel'] },
      { green: ['guest-kernel'] },
    ],
    [
      "an initrd that helps is the distro's",
      { component: 'farm' },
      { stack: 'qemu+distro-kernel', class: 'agent-timeout', donors: ['guest-image'] },
      { green: ['guest-image'] },
    ],
    [
      'a module that nobody loaded is missing',
      { component: 'farm' },
      {
        stack: 'qemu+distro-kernel',
        says: 'VFS: Cannot open root device',
        siblings: [sibling('vmm.guest-kernel-config', 'passed')],
      },
    ],
    [
      "a symbol that is off is the initrd's",
      { component: 'distro-kernel', confidence: 'table' },
      {
        stack: 'qemu+distro-kernel',
        says: 'VFS: Cannot open root device',
        siblings: [sibling('vmm.guest-kernel-config', 'off: EXT4_FS')],
      },
    ],
    [
      "a host's module that is missing is sure, as if it had been swapped",
      { component: 'distro-kernel', confidence: 'table' },
      { scenario: 'kata.net' },
      { red: { tc: 'mirred: the kernel has no module act_mirred' } },
    ],
  ])('do not say: %s', ([, is, told, world]) => {
    expect(diagnosed(caseOf(told), world).finding).toMatchObject(is);
  });
});

describe('a policy', () => {
  const denied = 'audit: apparmor="DENIED" operation="open" profile="virtiofsd" pid=7';
  it.for<Example>([
    ['a denial is enough to blame it', { component: 'unknown', class: 'apparmor' }, { lines: [denied] }],
    [
      'a denial is to blame, though it is red without the policy as well',
      { component: 'unknown' },
      { lines: [denied], donors: ['lsm'] },
    ],
    [
      "it is nobody's though red enforced, green without, red again",
      { component: 'distro-policy', confidence: 'swap' },
      { lines: [denied], donors: ['lsm'] },
      { green: ['lsm'] },
    ],
  ])('does not say: %s', ([, is, told, world]) => {
    expect(diagnosed(caseOf(told), world).finding).toMatchObject(is);
  });
});
