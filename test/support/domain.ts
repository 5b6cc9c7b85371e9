import type { PartClaim } from '../../src/domain/claim.ts';
import type { Distro } from '../../src/domain/distro.ts';
import { type KataBuild, kataPieces } from '../../src/domain/kata.ts';
import type { ScenarioId, ScenarioSpec } from '../../src/domain/scenario.ts';
import type { Part } from '../../src/domain/stack.ts';

/** An origin, for claims that a test makes up. */
export const read = { source: 'the index of trixie', trust: 'read' } as const;

const claims: Readonly<Record<Part, PartClaim>> = {
  kernel: { package: 'linux-image-amd64', path: '/boot/vmlinuz-', ...read },
  qemu: { package: 'qemu-system-x86', path: '/usr/bin/qemu-system-x86_64', ...read },
  'cloud-hypervisor': { notPackaged: 'no such source package in main', ...read },
  firecracker: { notPackaged: 'no such source package in main', ...read },
  virtiofsd: { package: 'virtiofsd', path: '/usr/libexec/virtiofsd', ...read },
  containerd: { package: 'containerd', path: '/usr/bin/containerd', ...read },
  runc: { package: 'runc', path: '/usr/sbin/runc', ...read },
  docker: { package: 'docker.io', path: '/usr/sbin/dockerd', ...read },
  nerdctl: { notPackaged: 'no such source package in main', ...read },
  'cri-o': { notPackaged: 'no such source package in main', ...read },
  kata: { notPackaged: 'no such source package in main', ...read },
};

/** A release like debian-13, with what is said otherwise. */
export function distroLike({
  parts,
  ...change
}: Omit<Partial<Distro>, 'parts'> & { parts?: Partial<Distro['parts']> } = {}): Distro {
  return {
    id: 'debian-13',
    title: 'Debian 13 (trixie)',
    family: 'debian',
    arch: 'amd64',
    architectures: ['amd64'],
    packageManager: 'apt',
    lifecycle: { rolling: false, released: '2025-08-09', eol: '2028-08-09', source: 'debian.org' },
    lsm: 'apparmor',
    toolchain: {},
    images: {},
    notes: [],
    ...change,
    parts: { ...claims, ...parts },
  };
}

/** A scenario of this id on the host, with what is said otherwise. */
export function scenarioLike(id: ScenarioId, change: Partial<ScenarioSpec> = {}): ScenarioSpec {
  return {
    id,
    title: id,
    on: ['host'],
    needs: {},
    restsOn: [],
    machine: 'clone',
    stepSeconds: 30,
    ...change,
  };
}

/** A Kata like a release's, with what is said otherwise. */
export function kataLike(change: Partial<KataBuild> = {}): KataBuild {
  return {
    source: 'upstream:4.1.0',
    version: '4.1.0',
    digest: 'd1'.repeat(32),
    trust: 'release-api',
    runtimes: ['rust', 'go'],
    pieces: kataPieces,
    replaced: [],
    ...change,
  };
}
