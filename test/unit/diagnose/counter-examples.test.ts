import { describe, expect, it } from 'vitest';
import { known } from '../../../src/diagnose/known.ts';
import { countingLines } from '../../../src/diagnose/lines.ts';
import { next } from '../../../src/diagnose/next.ts';
import type { Finding, Trial } from '../../../src/domain/finding.ts';
import { caseOf, diagnosed, readingsOf, sibling, type Told, type World } from './cases.ts';

/** What a naive rule says, and what is so. */
type Example = readonly [naive: string, is: Partial<Finding>, told: Told, world?: World];

const all = ['virtiofsd', 'vmm', 'guest-kernel', 'guest-image', 'lsm', 'engine', 'kata'] as const;
const dropped = "qemu: Expected '=' after parameter 'kernel_irqchip'";
const c = "virtiofsd ended with status 1 on Kata's arguments: fuse: invalid argument `socket'";
const debian12 = { facts: { 'qemu.version': '7.2.22', 'virtiofsd.version': '7.2.22' } };

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

describe('facilities', () => {
  it.for<Example>([
    [
      'Kata is at fault where the control and the VMM alone do well, as they use no tap',
      { component: 'distro-kernel' },
      {
        scenario: 'kata.net',
        class: 'net-attach',
        siblings: [sibling('control.runc', 'passed'), sibling('vmm.qemu.boot', 'passed')],
      },
      { red: { tun: '/dev/net/tun is not there: the kernel has no module tun' } },
    ],
    [
      'whatever is red is at fault, though putting it right does not help',
      { component: 'unknown' },
      {},
      { red: { shm: '/dev/shm has 1 KiB' } },
    ],
    [
      'whatever is red is at fault, though the failure is of another kind',
      { component: 'farm', class: 'hypervisor-path' },
      { says: 'Qemu binary path `/x` is invalid: No such file' },
      { red: { tc: 'mirred: the kernel has no module act_mirred' } },
    ],
    [
      'whatever is red is at fault, though the scenario does not use it',
      { component: 'container-stack' },
      { scenario: 'control.runc', says: 'a container does not run by io.containerd.runc.v2' },
      { red: { tc: 'mirred: the kernel has no module act_mirred' } },
    ],
    [
      'the first of two that are red, and of two parties, is at fault',
      { component: 'unknown' },
      {},
      { red: { disk: '/ has 0 KiB left', runc: 'there is no runc' } },
    ],
    [
      'either of two that help',
      { component: 'unknown' },
      {},
      { red: { shm: 'x', 'mount-propagation': 'x' }, green: ['shm', 'mount-propagation'] },
    ],
    [
      'a module that is there and not loaded is missing from the kernel',
      { component: 'farm' },
      { scenario: 'host.devices', says: '/dev/vhost-vsock: not there' },
      {
        red: {
          'vhost-vsock': '/dev/vhost-vsock is not there: the module vhost_vsock is there and was not loaded',
        },
        green: ['vhost-vsock'],
      },
    ],
    [
      'modules are missing where the kernel that runs is not the one that is installed',
      { component: 'farm' },
      { scenario: 'host.devices', says: '/dev/vhost-vsock: not there' },
      {
        red: { 'vhost-vsock': 'the modules in /lib/modules are not those of the kernel that runs (6.1)' },
        green: ['vhost-vsock'],
      },
    ],
  ])('do not say: %s', ([, is, told, world]) => {
    expect(diagnosed(caseOf(told), world).finding).toMatchObject(is);
  });

  it('confirm no words once putting them right did not help', () => {
    const one = caseOf({ says: 'open /dev/vhost-net: no such file or directory' });
    const red = {
      'vhost-net': '/dev/vhost-net is not there: the module vhost_net is there and was not loaded',
    };

    expect(diagnosed(one, { red }).finding.component).toBe('unknown');
  });

  it('are not asked where the message says it all', () => {
    expect(
      diagnosed(caseOf({ scenario: 'host.modules', says: "the distro's kernel has no tun" })).tried,
    ).toEqual([]);
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
