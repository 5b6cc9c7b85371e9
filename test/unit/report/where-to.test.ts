import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Component } from '../../../src/domain/finding.ts';
import type { StackId } from '../../../src/domain/stack.ts';
import { loadDistros } from '../../../src/load/load-distros.ts';
import { whereTo } from '../../../src/report/where-to.ts';
import { nobody } from '../domain/diagnosed.ts';

const all = await loadDistros(resolve(import.meta.dirname, '../../../distros'));
const distro = all.find(({ id }) => id === 'debian-12');

function sent(component: Component, provenance?: string, stack: StackId = 'qemu') {
  const finding = { ...nobody, component, ...(provenance && { provenance }) };
  return whereTo(finding, { distro, release: 'debian-12', stack });
}

describe('where a finding is to be sent', () => {
  it.each([
    ['distro-virtiofsd', undefined, 'qemu-system-common'],
    ['distro-virtiofsd', 'qemu-system-common 1:7.2+dfsg-7', 'qemu-system-common'],
    ['distro-vmm', undefined, 'qemu-system-x86'],
    ['distro-vmm', 'qemu-system-data 1:7.2+dfsg-7', 'qemu-system-data'],
    ['distro-kernel', 'linux-image-6.1.0-41-amd64 6.1.158-1', 'linux-image-6.1.0-41-amd64'],
    ['container-stack', undefined, 'containerd'],
  ] as const)('%s by %s: the bugs of %s', (component, provenance, name) => {
    expect(sent(component, provenance)).toMatchObject({
      whom: 'distro',
      url: `https://bugs.debian.org/${name}`,
      command: `reportbug ${name}`,
      package: name,
      notes: [],
    });
  });

  it.each([
    ['distro-host', 'what debian-12 sets by default'],
    ['distro-policy', "the policy of debian-12's apparmor"],
    ['distro-vmm', undefined],
  ] as const)('%s of %s: the release, with no package made up', (component, provenance) => {
    const { package: name, command, notes } = sent(component, provenance, 'clh');

    expect({ name, command }).toEqual({ name: undefined, command: 'reportbug' });
    expect(notes.join()).toContain('no package is known');
  });

  it.each(['kata', 'kata-vmm'] as const)('%s: Kata, and not the release', (component) => {
    expect(sent(component)).toMatchObject({
      whom: 'kata',
      url: 'https://github.com/kata-containers/kata-containers/issues/new',
    });
  });

  it.each(['unknown', 'farm', 'infra'] as const)('%s: nobody', (component) => {
    const { whom, url, notes } = sent(component);

    expect({ whom, url }).toEqual({ whom: 'nobody', url: undefined });
    expect(notes).not.toEqual([]);
  });

  it('a release without a tracker: which file to write it in', () => {
    const { notes } = whereTo(
      { ...nobody, component: 'distro-vmm' },
      { distro: undefined, release: 'fedora-43', stack: 'qemu' },
    );

    expect(notes.join()).toContain('add one to distros/fedora-43.yaml');
  });

  it('each release that comes along has a tracker', () => {
    expect(all.filter(({ tracker }) => !tracker)).toEqual([]);
  });
});
