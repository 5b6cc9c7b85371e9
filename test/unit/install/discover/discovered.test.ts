import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoveredIn } from '../../../../src/install/discover/discovered.ts';
import { discoveringScript } from '../../../../src/install/discover/script.ts';

const recorded = (name: string) =>
  readFile(join(import.meta.dirname, '../../../recorded/discovered', `${name}.txt`), 'utf8');

describe('the script that looks at a machine', () => {
  it.each([true, false])('is one that a POSIX shell reads (refresh: %s)', (refresh) => {
    const { status, stderr } = spawnSync('/bin/sh', ['-n'], {
      input: discoveringScript({ refresh }),
      encoding: 'utf8',
    });

    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('reads the index anew only where it is told to', () => {
    expect(discoveringScript({ refresh: true })).toContain('$(refresh 2>&1)');
    expect(discoveringScript({ refresh: false })).not.toContain('$(refresh');
  });
});

describe('what a machine tells', () => {
  it('of Debian 12: packages by the files that they own, the rest by the index', async () => {
    const { arch, packageManager, lsm, parts, toolchain, complete } = discoveredIn(
      await recorded('debian-12'),
    );

    expect({ arch, packageManager, lsm, toolchain, complete }).toEqual({
      ...{ arch: 'amd64', packageManager: 'apt', lsm: 'apparmor', complete: true },
      toolchain: { rust: 'rustc', go: 'golang-go' },
    });
    expect(parts.virtiofsd).toEqual({
      state: 'installed',
      package: 'qemu-system-common',
      path: '/usr/lib/qemu/virtiofsd',
      version: '1:7.2+dfsg-7+deb12u18+b3',
    });
    expect(parts.docker).toMatchObject({ package: 'docker.io', path: '/usr/sbin/dockerd' });
    expect(parts.kernel).toEqual({ state: 'available', package: 'linux-image-amd64', version: '6.1.192-2' });
    expect(parts.firecracker).toEqual({ state: 'missing', names: ['firecracker'] });
  });

  it('of a compiler that its index has twice: the usual one, and the other beside it', async () => {
    const text = await recorded('debian-12');
    const web =
      '@ available rust rustc-web\n|rustc-web:\n|  Installed: (none)\n|  Candidate: 1.96.0+dfsg1-1~deb12u2\n';

    const { toolchain } = discoveredIn(
      text.replace('@ available go golang-go\n', `${web}@ available go golang-go\n`),
    );

    expect(toolchain).toEqual({ rust: 'rustc', go: 'golang-go', alternatives: { rust: ['rustc-web'] } });
  });

  it('of Fedora: the path of what is not installed, by the list of its files', async () => {
    const { packageManager, parts, toolchain } = discoveredIn(await recorded('fedora'));

    expect(packageManager).toBe('dnf');
    expect(parts.kernel).toEqual({
      ...{
        state: 'installed',
        package: 'kernel-core',
        path: '/usr/lib/modules/',
        version: '6.17.7-300.fc44',
      },
    });
    expect(parts.virtiofsd).toMatchObject({ package: 'virtiofsd', path: '/usr/libexec/virtiofsd' });
    expect(parts.qemu).toEqual({
      state: 'available',
      package: 'qemu-system-x86-core',
      version: '10.2.2-1.fc44',
      path: '/usr/bin/qemu-system-x86_64',
    });
    expect(toolchain).toEqual({ rust: 'rust' });
  });

  it('of Leap: no package by a name that its index does not have', async () => {
    const { packageManager, parts, toolchain } = discoveredIn(await recorded('leap'));

    expect(packageManager).toBe('zypper');
    expect(parts.containerd).toMatchObject({ state: 'installed', version: '2.1.4-1.fc44' });
    expect(parts.qemu).toEqual({ state: 'missing', names: ['qemu-x86', 'qemu-arm'] });
    expect(toolchain).toEqual({ rust: 'rust' });
  });

  it('of Arch: a file that no package owns is nobody else’s claim', async () => {
    const { packageManager, lsm, parts } = discoveredIn(await recorded('arch'));

    expect({ packageManager, lsm }).toEqual({ packageManager: 'pacman', lsm: 'none' });
    expect(parts.containerd).toEqual({ state: 'unowned', path: '/usr/bin/containerd' });
  });

  it('of Alpine on arm64: the package whose files have the binary comes before one without', async () => {
    const { arch, lsm, parts } = discoveredIn(await recorded('alpine'));

    expect({ arch, lsm }).toEqual({ arch: 'arm64', lsm: 'none' });
    expect(parts.qemu).toMatchObject({
      package: 'qemu-system-aarch64',
      path: '/usr/bin/qemu-system-aarch64',
    });
    expect(parts.kernel).toMatchObject({ package: 'linux-virt', path: '/boot/vmlinuz-' });
    expect(parts.virtiofsd).toEqual({ state: 'available', package: 'virtiofsd', version: '1.13.2-r0' });
  });

  it.each([
    { running: 'lockdown,capability,selinux,bpf', configured: 'disabled', lsm: 'selinux' },
    { running: 'lockdown,capability,bpf', configured: 'enforcing', lsm: 'none' },
    { running: '', configured: 'enforcing', lsm: 'selinux' },
    { running: '', configured: 'disabled', lsm: 'none' },
  ])('of its security module, before what is configured: $running, $configured', (machine) => {
    const output = `@ lsm\n|${machine.running}\n@ selinux\n|${machine.configured}\n@ end\n`;

    expect(discoveredIn(output).lsm).toBe(machine.lsm);
  });

  it.each([
    {
      ended: '0',
      said: "ERROR: [reposync] failed to fetch file `x': Not Found",
      unread: 'ERROR: [reposync]',
    },
    { ended: '1', said: 'something else', unread: 'something else' },
    { ended: '0', said: '[*] Updating repository', unread: undefined },
  ])('of an index that was to be read anew: $said', async ({ ended, said, unread }) => {
    const found = discoveredIn(`@ manager\n|xbps\n@ indexed ${ended}\n|${said}\n@ end\n`);

    expect(found.unread?.startsWith(unread ?? '')).toBe(unread === undefined ? undefined : true);
  });

  it('is not complete where it stopped midway, and strange where nobody knows it', () => {
    const found = discoveredIn('@ os-release\n|ID=plan9\n@ arch\n|riscv64\n@ manager\n|\n');

    expect(found).toMatchObject({ arch: { strange: 'riscv64' }, packageManager: undefined, complete: false });
  });
});
