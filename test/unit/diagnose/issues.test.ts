import { describe, expect, it } from 'vitest';
import type { Component } from '../../../src/domain/finding.ts';
import { caseOf, diagnosed, sibling, type Told, type World } from './cases.ts';

/** An issue that somebody had: its words as they come out of a run, whom it is to come to, and by what. */
type Issue = readonly [thread: string, kind: string, component: Component, told: Told, world?: World];

const older = { facts: { 'qemu.version': '4.2.1' } };
const newer = { kata: '3.8.0', facts: { 'qemu.version': '9.0.2' } };
const journal = (...lines: readonly string[]) =>
  lines.map((line) => `2026-11-22T01:02:03.000000+0000 host kata[7]: ${line}`);
const kernel = (line: string) => `[   12.345678] ${line}`;

/** The threads that the failure classes were found in. */
const issues: readonly Issue[] = [
  [
    'kata#11285: an initrd on Fedora 42',
    'guest-kernel-modules',
    'distro-kernel',
    {
      stack: 'qemu+distro-kernel',
      lines: [kernel('VFS: Cannot open root device "pmem0p1" or unknown-block(0,0): error -19')],
      siblings: [sibling('vmm.guest-kernel-config', 'off: BLK_DEV_PMEM')],
    },
  ],
  [
    'kata#5931',
    'qemu-no-io-uring',
    'distro-vmm',
    { scenario: 'kata.block-aio', lines: journal("qemu: Parameter 'aio' does not accept value 'io_uring'") },
  ],
  [
    'kata#10314',
    'io-uring-disabled',
    'distro-host',
    {
      scenario: 'kata.block-aio',
      says: 'a container does not run\nio_uring setup: Operation not permitted (os error 1)',
    },
    { red: { 'io-uring': 'kernel.io_uring_disabled is 2' }, green: ['io-uring'] },
  ],
  [
    'kata#10184',
    'qemu-syntax-new',
    'kata',
    {
      ...newer,
      lines: journal("qemu: -machine q35: Expected '=' after parameter 'kernel_irqchip'"),
      siblings: [
        sibling(
          'vmm.qemu.kata-cmdline',
          "the distro's QEMU refuses: Expected '=' after parameter 'kernel_irqchip'",
        ),
      ],
    },
  ],
  [
    'tests#5783',
    'qemu-property-old',
    'distro-vmm',
    { ...older, lines: journal("qemu: -object memory-backend-file: Property '.readonly' not found") },
  ],
  [
    'kata#1371',
    'qemu-device-missing',
    'distro-vmm',
    { lines: journal("qemu-kvm: -device virtio-9p-pci: 'virtio-9p-pci' is not a valid device model name") },
  ],
  [
    'kata#4175',
    'virtiofs-enodev',
    'unknown',
    { says: 'failed to create shim task: mount kataShared: ENODEV: No such device' },
  ],
  [
    'kata#988',
    'qemu-syntax-new',
    'kata',
    {
      kata: '2.0.0',
      facts: { 'qemu.version': '5.1.0' },
      lines: journal('qemu: -device vhost-vsock-pci: device is modern-only, use disable-legacy=on'),
      siblings: [sibling('vmm.qemu.kata-cmdline', 'device is modern-only, use disable-legacy=on')],
    },
  ],
  [
    'kata#3541: under AppArmor',
    'vhost-user-handshake',
    'distro-policy',
    {
      lines: journal('qemu: Failed to read msg header. Read 0 instead of 12. Original request 1.'),
      donors: ['lsm', 'virtiofsd', 'vmm'],
    },
    { green: ['lsm'] },
  ],
  [
    'runtime#2855',
    'vhost-user-handshake',
    'unknown',
    {
      stack: 'clh',
      lines: journal('VhostUserGetProtocolFeatures(InvalidMessage)'),
      donors: ['virtiofsd', 'vmm'],
    },
    { green: ['vmm', 'virtiofsd'] },
  ],
  [
    'kata#5157',
    'virtiofsd-kernel',
    'unknown',
    { lines: journal('virtiofsd: Error creating sandbox: InitSeccomp') },
  ],
  [
    'kata#1379',
    'virtiofsd-path',
    'farm',
    {
      says: 'failed to create shim task: Virtio-fs daemon path /usr/libexec/virtiofsd is invalid: No such file',
    },
  ],
  [
    'runtime#3008',
    'clh-api-skew',
    'unknown',
    { stack: 'clh', lines: journal('error deserializing: missing field `sock` at line 1') },
  ],
  [
    'kata#13623',
    'clh-api-skew',
    'unknown',
    {
      stack: 'clh',
      facts: { 'clh.version': '53.0' },
      lines: journal('unknown field `landlock` in vm.create'),
    },
  ],
  [
    'kata#4737',
    'host-module-missing',
    'distro-kernel',
    {
      scenario: 'host.modules',
      says: "the distro's kernel has no vhost_vsock\nmodprobe: FATAL: Module vhost_vsock not found in directory /lib/modules/4.19.0",
    },
  ],
  [
    'coreos/bugs#2563',
    'host-module-missing',
    'distro-kernel',
    { says: 'failed to open /dev/vhost-vsock, try to run modprobe vhost_vsock.' },
    { red: { 'vhost-vsock': '/dev/vhost-vsock is not there: the kernel has no module vhost_vsock' } },
  ],
  [
    'kata#1327',
    'vsock-busy',
    'infra',
    { lines: journal('qemu: vhost-vsock: failed to open: Device or resource busy') },
  ],
  [
    'kata#6451',
    'host-module-missing',
    'farm',
    { says: 'open /dev/vhost-net: no such file or directory' },
    {
      red: { 'vhost-net': '/dev/vhost-net is not there: the module vhost_net is there and not loaded' },
      green: ['vhost-net'],
    },
  ],
  [
    'kata#11861',
    'shm-too-small',
    'farm',
    {
      class: 'agent-timeout',
      says: 'timed out connecting to vsock 3:1024',
      lines: [kernel('qemu: Bus error')],
    },
    { red: { shm: '/dev/shm has 65536 KiB of 8000000 KiB memory' }, green: ['shm'] },
  ],
  [
    'kata#28',
    'nested-virt',
    'infra',
    { speed: 'kvm', lines: journal('KVM: entry failed, hardware error 0x0') },
  ],
  [
    'container-selinux#158',
    'selinux-avc',
    'distro-policy',
    {
      stack: 'clh',
      lines: [
        kernel(
          'avc:  denied  { open } for comm="cloud-hyperviso" path="/dev/net/tun" scontext=s:r:container_kvm_t:s0 permissive=0',
        ),
      ],
      donors: ['lsm'],
    },
    { green: ['lsm'] },
  ],
  [
    'runtime#2503',
    'selinux-label',
    'farm',
    {
      lines: [
        kernel('avc:  denied  { execute } for comm="containerd" tcontext=u:o:unlabeled_t:s0 permissive=0'),
      ],
    },
    { red: { 'kata-label': "a label is not the policy's: Would relabel /opt/kata" }, green: ['kata-label'] },
  ],
  [
    'fedora-coreos-tracker#1450',
    'initrd-build',
    'distro-packaging',
    {
      stack: 'qemu+distro-kernel',
      says: "dracut: dracut-install: Module 'busybox' cannot be found or installed",
    },
  ],
  [
    'kata#3135',
    'kernel-format',
    'unknown',
    { lines: journal('qemu: Error loading uncompressed kernel without PVH ELF Note') },
  ],
  [
    'kata#3073',
    'cgroup',
    'distro-host',
    { says: 'cgroups: cgroup mountpoint does not exist: unknown' },
    { red: { cgroup: '/sys/fs/cgroup is tmpfs, and not cgroup2fs' } },
  ],
  [
    'kata#1971',
    'shim-start',
    'container-stack',
    { says: 'failed to start shim: exec: not found', donors: ['engine', 'kata'] },
    { green: ['engine'] },
  ],
  ['containerd#10984', 'shim-start', 'unknown', { says: 'unsupported shim version (3): not implemented' }],
  [
    'containerd#7255',
    'glibc',
    'unknown',
    { says: "containerd-shim-kata-v2: /lib64/libc.so.6: version `GLIBC_2.34' not found" },
  ],
  [
    'siderolabs/extensions#1109',
    'loader',
    'kata',
    { says: 'fork/exec: no such file or directory: /lib/ld-musl-aarch64.so.1', donors: ['engine', 'kata'] },
    { green: ['kata'] },
  ],
  [
    'kata#9340',
    'net-attach',
    'container-stack',
    {
      scenario: 'kata.docker.net',
      class: 'net-attach',
      says: "the container's network is not the one it was given: address is missing",
      donors: ['engine', 'kata'],
    },
    { green: ['engine'] },
  ],
  [
    'talos#13745',
    'tc-missing',
    'distro-kernel',
    { scenario: 'kata.net', says: 'add tap ingress: Specified qdisc kind is unknown' },
    { red: { tc: 'ingress: the kernel has no module sch_ingress' } },
  ],
  [
    'k3s-ansible#419',
    'host-module-missing',
    'distro-kernel',
    { scenario: 'host.modules', says: "the distro's kernel has no br_netfilter" },
  ],
  [
    'kata#1631',
    'agent-timeout',
    'unknown',
    {
      class: 'agent-timeout',
      says: 'vsock: failed to connect to 3:1024 within 10s',
      donors: ['vmm', 'kata'],
    },
  ],
  ['kata#13395', 'qmp', 'unknown', { says: 'QMP not ready yet: qmp handshake failed', donors: ['vmm'] }],
  ['kata#12284', 'shim-start', 'unknown', { says: 'flag provided but not defined: -info' }],
  [
    'kata#11496',
    'leftover-state',
    'kata',
    {
      class: 'leftover-state',
      says: 'the container is gone and left this:\nentry /run/kata/one',
      donors: ['engine', 'kata'],
    },
    { green: ['kata'] },
  ],
  [
    'kata#1983',
    'machine-type',
    'distro-vmm',
    { lines: journal('qemu: unsupported machine type: "microvm"') },
  ],
  [
    'amazon-linux-2023#479',
    'not-packaged',
    'unknown',
    {
      outcome: { status: 'errored', phase: 'image', message: 'E: Unable to locate package qemu-system-x86' },
    },
  ],
  [
    'dracut#2357',
    'initrd-build',
    'distro-packaging',
    { stack: 'qemu+distro-kernel', says: "dracut-install: dracut: Module 'virtio_pci' cannot be found" },
  ],
];

describe('what others met before', () => {
  it('is all here', () => {
    expect(issues).toHaveLength(39);
  });

  it.for(issues)('%s is %s, and comes to %s', ([, kind, component, told, world]) => {
    const { finding } = diagnosed(caseOf(told), world);

    expect([finding.class, finding.component]).toEqual([kind, component]);
  });

  it.for(issues)(
    '%s: nobody is named where the machine shows nothing of %s and no part is at hand, but by its words',
    ([, , component, told]) => {
      const { finding } = diagnosed(caseOf({ ...told, donors: [], siblings: [] }));

      expect([component, 'unknown']).toContain(finding.component);
    },
  );
});
