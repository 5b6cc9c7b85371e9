import { describe, expect, it } from 'vitest';
import { caseOf, diagnosed } from '../cases.ts';
import { all, type Example } from './example.ts';

describe('limits, hangs, nesting', () => {
  const slow = { speed: 'tcg+svm', class: 'vmm-exited', says: 'timed out waiting for QMP ready: x' };
  it.for<Example>([
    ["Kata's fixed limits are a VMM's end on any machine", { component: 'farm', class: 'slow' }, slow],
    [
      'they are slowness, though another VMM is quick enough',
      { component: 'kata-vmm' },
      { ...slow, donors: ['vmm'] },
      { green: ['vmm'] },
    ],
    [
      'they are slowness on hardware',
      { component: 'unknown', class: 'vmm-exited' },
      { ...slow, speed: 'kvm' },
    ],
    [
      'they are slowness where the reason is there to read',
      { component: 'distro-vmm' },
      { ...slow, lines: ["qemu: 'nvdimm' is not a valid device model name"] },
    ],
    [
      'whoever hangs last is at fault',
      { component: 'unknown', class: 'hang' },
      { class: 'hang', donors: all },
      { green: ['vmm'] },
    ],
    [
      "a silent agent in a guest three deep is the distro's",
      { component: 'farm' },
      { depth: 3, speed: 'kvm', class: 'agent-timeout' },
    ],
    [
      "a panic three deep is the kernel's",
      { component: 'farm' },
      { depth: 3, speed: 'kvm', class: 'guest-panic', stack: 'qemu+distro-kernel' },
    ],
    [
      'a refused entry three deep is outside',
      { component: 'farm' },
      { depth: 3, speed: 'kvm', says: 'KVM: entry failed, hardware error 0x0' },
    ],
    [
      'nor may it be looked into where the depth is emulated',
      { component: 'kata-vmm' },
      { depth: 3, speed: 'tcg+svm', class: 'agent-timeout', donors: ['vmm'] },
      { green: ['vmm'] },
    ],
    [
      "a missing device three deep is the depth's",
      { component: 'distro-vmm' },
      { depth: 3, speed: 'kvm', says: "'nvdimm' is not a valid device model name" },
    ],
    [
      "KVM that does not work is the distro's where nesting never worked",
      { component: 'farm' },
      {
        scenario: 'host.kvm',
        speed: 'kvm',
        says: 'KVM does not work: KVM_CREATE_VM: Operation not supported',
      },
    ],
    [
      "and the farm's where it did",
      { component: 'distro-kernel' },
      { scenario: 'host.kvm', says: 'KVM does not work: KVM_CREATE_VM: Operation not supported' },
    ],
    [
      "a refused entry is the outer hypervisor's, where guests in guests are seen to run",
      { component: 'unknown' },
      { says: 'KVM: entry failed, hardware error 0x0' },
    ],
    [
      "the machine's own panic names its kernel",
      { component: 'unknown' },
      { class: 'machine-panic', says: 'Kernel panic - not syncing: x' },
    ],
  ])('do not say: %s', ([, is, told, world]) => {
    expect(diagnosed(caseOf(told), world).finding).toMatchObject(is);
  });

  it.for([
    ['shm', '/dev/shm has 16384 KiB of 2000000 KiB memory'],
    ['disk', '/ has 0 KiB left'],
    ['inodes', '/ has 0 of 900 inodes left'],
    ['memory', 'there are 20 MiB of memory left'],
  ])('what the farm sized is its own: %s', ([id, said]) => {
    const { finding } = diagnosed(caseOf({ class: 'vmm-exited' }), {
      red: { [id ?? '']: said ?? '' },
      green: [id ?? ''],
    });

    expect(finding).toMatchObject({ component: 'farm' });
  });
});
