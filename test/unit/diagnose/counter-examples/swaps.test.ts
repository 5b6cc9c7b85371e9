import { describe, expect, it } from 'vitest';
import { next } from '../../../../src/diagnose/next.ts';
import type { Trial } from '../../../../src/domain/finding.ts';
import { caseOf, diagnosed, readingsOf, sibling } from '../cases.ts';
import { all, c, debian12, dropped, type Example } from './example.ts';

describe('swaps', () => {
  it.for<Example>([
    [
      'a green after a swap is enough, though the cell is green again without it',
      { component: 'unknown' },
      { donors: all },
      { green: ['vmm'], again: 'passed' },
    ],
    [
      'an old virtiofsd is the fault of the QEMU that is swapped with it',
      { component: 'distro-virtiofsd', confidence: 'swap' },
      {
        ...debian12,
        class: 'virtiofsd-start',
        donors: all,
        siblings: [sibling('vmm.virtiofsd.start', c), sibling('vmm.qemu.kata-cmdline', 'passed')],
      },
      { green: ['virtiofsd'] },
    ],
    [
      'green with another VMM is always the fault of the VMM',
      { component: 'kata-vmm', confidence: 'swap' },
      { donors: all },
      { green: ['vmm'] },
    ],
    [
      'it is so where the VMM takes the same command line alone',
      { component: 'kata-vmm' },
      { donors: all, siblings: [sibling('vmm.qemu.kata-cmdline', 'passed')] },
      { green: ['vmm'] },
    ],
    [
      'a VMM that fails alone is a matter between it and Kata',
      { component: 'distro-vmm', confidence: 'swap' },
      {
        donors: all,
        siblings: [sibling('vmm.qemu.kata-cmdline', "'vhost-vsock-pci' is not a valid device model name")],
      },
      { green: ['vmm'] },
    ],
    [
      'a VMM is at fault alone where its cell fails by the machine',
      { component: 'kata-vmm' },
      { donors: all, siblings: [sibling('vmm.qemu.kata-cmdline', "the nested guest's kernel panicked: x")] },
      { green: ['vmm'] },
    ],
    [
      'a new QEMU that dropped a syntax is to take it back',
      { component: 'kata', class: 'qemu-syntax-new' },
      {
        kata: '3.8.0',
        facts: { 'qemu.version': '9.0.2' },
        says: dropped,
        siblings: [sibling('vmm.qemu.kata-cmdline', dropped)],
      },
    ],
    [
      'the same, once another QEMU was put in its place',
      { component: 'kata', confidence: 'swap' },
      {
        kata: '3.8.0',
        facts: { 'qemu.version': '9.0.2' },
        says: dropped,
        donors: ['vmm'],
        siblings: [sibling('vmm.qemu.kata-cmdline', dropped)],
      },
      { green: ['vmm'] },
    ],
    [
      'a version with an epoch is a new one',
      { component: 'distro-vmm' },
      {
        packages: { 'qemu.version': '1:7.2+dfsg-7+deb12u18', 'qemu.package': 'qemu-system-x86' },
        says: dropped,
      },
    ],
    [
      'a package that somebody tries is its maintainers in the release to mend',
      {
        component: 'distro-vmm',
        mender: 'who made this qemu-system-x86: it is an overlay on debian-13',
      },
      {
        packages: {
          ...{ 'qemu.version': '1:7.2+dfsg-7+deb12u18', 'qemu.package': 'qemu-system-x86' },
          'qemu.overlaid': 'yes',
        },
        says: dropped,
      },
    ],
    [
      'green by runc speaks against Kata',
      { component: 'unknown' },
      { siblings: [sibling('control.runc', 'passed')] },
    ],
    [
      'two swaps that help are both at fault, or the first',
      { component: 'unknown' },
      { donors: all, siblings: [sibling('vmm.qemu.kata-cmdline', dropped)] },
      { green: ['vmm', 'virtiofsd'] },
    ],
    ['what no swap helps is the fault of what is left: Kata', { component: 'unknown' }, { donors: all }],
    [
      'what no swap helps is the fault of the kernel of the host',
      { component: 'unknown' },
      { donors: all, siblings: [sibling('kata.net', 'it fails as well')] },
    ],
    [
      'another Kata that helps is enough for its blame',
      { component: 'unknown' },
      { donors: ['kata'] },
      { green: ['kata'] },
    ],
    [
      'and Kata is never to blame',
      {
        component: 'kata',
        confidence: 'swap',
        provenance: 'Kata 4.1.0',
        mender: "Kata Containers' maintainers",
      },
      { donors: ['kata', 'engine'] },
      { green: ['kata'] },
    ],
    [
      "a shim that panics is Kata's fault by its words",
      { component: 'unknown' },
      { class: 'shim-panic', says: 'A panic occurred at crates/x.rs:1: y' },
    ],
    [
      "a VMM of Kata's own is the distro's",
      { component: 'unknown' },
      { stack: 'qemu.upstream', says: "'vhost-vsock-pci' is not a valid device model name" },
    ],
    [
      'a device that a newer QEMU has dropped was left out by the distro',
      { component: 'unknown' },
      { facts: { 'qemu.version': '12.0.0' }, says: "'virtio-9p-pci' is not a valid device model name" },
    ],
    [
      'a C virtiofsd of QEMU 7.2 is newer than a Rust one of 1.14',
      { component: 'distro-virtiofsd', class: 'virtiofsd-generation' },
      { ...debian12, scenario: 'vmm.virtiofsd.start', says: c },
    ],
    [
      'a virtiofsd that dropped an argument is too old for it',
      { component: 'kata' },
      {
        facts: { 'virtiofsd.version': '1.20.0' },
        scenario: 'vmm.virtiofsd.start',
        says: "virtiofsd ended with status 2 on Kata's arguments: error: unexpected argument '-o' found",
      },
    ],
    [
      "another virtiofsd helps, so the distro's is broken, though it does all that is asked of it alone",
      { component: 'unknown' },
      {
        donors: all,
        siblings: [sibling('vmm.virtiofsd.start', 'passed'), sibling('vmm.virtiofs.mount', 'passed')],
      },
      { green: ['virtiofsd'] },
    ],
  ])('do not say: %s', ([, is, told, world]) => {
    expect(diagnosed(caseOf(told), world).finding).toMatchObject(is);
  });

  it('know the C virtiofsd of old as older than the Rust one, whatever their numbers', () => {
    const one = caseOf({ ...debian12, donors: ['virtiofsd'] });

    expect(diagnosed(one, { green: ['virtiofsd'] }).finding.component).toBe('distro-virtiofsd');
  });

  it.for([
    ["takes Kata's command line alone", [sibling('vmm.qemu.kata-cmdline', 'passed')]],
    ['was not seen to fail alone', []],
    [
      'was not seen to fail alone',
      [sibling('vmm.qemu.kata-cmdline', "the nested guest's kernel panicked: x")],
    ],
  ] as const)('say of the VMM that it %s only where that was seen', ([words, siblings]) => {
    const one = caseOf({ donors: ['vmm'], siblings: [...siblings] });

    expect(diagnosed(one, { green: ['vmm'] }).finding.because).toContain(`the distro's VMM ${words}`);
  });

  it('stop for a part that is green', () => {
    const donors = ['vmm', 'vmm'].map((part, index) => ({ part: 'vmm' as const, by: `${part} ${index}` }));
    const { tried } = diagnosed({ ...caseOf(), donors }, { green: ['vmm'] });

    expect(tried.filter(({ kind }) => kind === 'swap')).toHaveLength(1);
  });

  it('are made one part at a time, each green with the unchanged cell after it', () => {
    const { tried } = diagnosed(caseOf({ donors: ['virtiofsd', 'vmm', 'lsm'] }), { green: ['vmm'] });

    expect(tried.map((one) => (one.kind === 'swap' ? one.part : one.kind))).toEqual([
      'facilities',
      'virtiofsd',
      'vmm',
      'again',
      'lsm',
    ]);
  });

  it('count for nothing where they came to nothing', () => {
    const one = caseOf({ donors: ['vmm'] });
    const swap = { kind: 'swap', part: 'vmm', by: 'another vmm' } as const;
    const trials: readonly Trial[] = [
      { experiment: { kind: 'facilities' }, readings: readingsOf(), ms: 1 },
      { experiment: swap, outcome: { status: 'passed' }, ms: 1 },
      { experiment: { kind: 'again' }, outcome: { status: 'errored' }, ms: 1 },
    ];

    expect(next(one, trials).finding?.component).toBe('unknown');
  });
});
