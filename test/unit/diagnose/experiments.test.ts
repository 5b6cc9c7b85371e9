import { describe, expect, it } from 'vitest';
import { caseOf, diagnosed, type Told, type World } from './cases.ts';

const donors = ['vmm', 'virtiofsd', 'lsm'] as const;

/** What was tried on the way to a finding, in order: `mend kvm`. */
function triedFor(told: Told, world?: World): readonly string[] {
  return diagnosed(caseOf({ donors, ...told }), world).tried.map((one) =>
    [one.kind, 'facility' in one ? one.facility : '', 'part' in one ? one.part : '']
      .filter(Boolean)
      .join(' '),
  );
}

describe('experiments that can change nothing', () => {
  it.for<[string, Told, World?]>([
    [
      'a flag that the kernel hides',
      { scenario: 'host.cpu', says: 'the CPU has what the kernel does not show: svm' },
    ],
    ['a limit', { scenario: 'host.limits', says: 'user.max_user_namespaces is 0, and must be at least 1' }],
    [
      'a module that is in no package',
      { scenario: 'host.modules', says: "the distro's kernel has no vhost_vsock" },
    ],
    [
      'a module that modprobe may not load',
      { scenario: 'host.kvm', says: "modprobe kvm_amd failed\nError running install command '/bin/false'" },
    ],
    [
      'a symbol that is off',
      { scenario: 'vmm.guest-kernel-config', says: "unusable as a guest's, as these are off: VIRTIO_FS" },
    ],
    ['a hang', { scenario: 'kata.uname', class: 'hang' }],
    [
      "the farm's own trouble",
      {
        scenario: 'kata.uname',
        outcome: { status: 'errored', phase: 'boot', message: 'the machine was lost' },
      },
    ],
  ])('are not made for %s', ([, told, world]) => {
    expect(triedFor(told, world)).toEqual([]);
  });

  it('are not made of facilities where the words name somebody, and none of them is the reason of that', () => {
    const told = {
      scenario: 'vmm.qemu.probe',
      says: "the distro's QEMU lacks what Kata needs: device vhost-vsock-pci",
    } as const;

    expect(triedFor(told)).toEqual(['swap vmm']);
  });
});

describe('experiments that may change a name', () => {
  it.for<[string, Told, World, readonly string[]]>([
    [
      'one reading, where it is the module or the farm that did not load it',
      { scenario: 'host.kvm', says: 'modprobe: FATAL: Module kvm_amd not found' },
      { red: { kvm: '/dev/kvm is not there: the kernel has no module kvm_amd' } },
      ['facilities'],
    ],
    [
      'the facility put right, and once more without',
      { scenario: 'host.devices', says: '/dev/vhost-net: not a character device' },
      { red: { 'vhost-net': '/dev/vhost-net is not a character device' }, green: ['vhost-net'] },
      ['facilities', 'mend vhost-net', 'again'],
    ],
    [
      'every part that is at hand, one at a time, also after one that helped',
      { scenario: 'vmm.virtiofsd.start', class: 'virtiofsd-start' },
      { green: ['virtiofsd'] },
      ['swap virtiofsd', 'again', 'swap vmm', 'swap lsm'],
    ],
  ])('are %s', ([, told, world, tried]) => {
    expect(triedFor(told, world)).toEqual(tried);
  });
});
