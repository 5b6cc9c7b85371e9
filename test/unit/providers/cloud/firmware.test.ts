import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findUefi, uefiOf } from '../../../../src/providers/qemu/cloud/firmware.ts';

/** As Debian's ovmf and Fedora's edk2-ovmf describe theirs. */
const descriptor = (code: string, vars: string, more: object = {}) => ({
  'interface-types': ['uefi'],
  mapping: {
    device: 'flash',
    executable: { filename: code, format: 'raw' },
    'nvram-template': { filename: vars, format: 'raw' },
  },
  targets: [{ architecture: 'x86_64', machines: ['pc-i440fx-*', 'pc-q35-*'] }],
  features: ['acpi-s3', 'verbose-dynamic'],
  ...more,
});

describe('a firmware descriptor', () => {
  it('tells of code and variables', () => {
    expect(uefiOf(descriptor('/a/code', '/a/vars'), 'amd64')).toEqual({
      code: { path: '/a/code', format: 'raw' },
      vars: { path: '/a/vars', format: 'raw' },
    });
  });

  it.each([
    ['needs SMM', { features: ['requires-smm', 'secure-boot'] }],
    ['has keys in it', { features: ['enrolled-keys', 'secure-boot'] }],
    ['is for another architecture', { targets: [{ architecture: 'aarch64', machines: ['virt-*'] }] }],
    ['is for another machine', { targets: [{ architecture: 'x86_64', machines: ['pc-i440fx-*'] }] }],
    ['is a BIOS', { 'interface-types': ['bios'] }],
    ['is for confidential machines', { mapping: { device: 'memory', filename: '/a' } }],
    ['says nothing', { mapping: undefined }],
  ])('is left out where it %s', (_, more) => {
    expect(uefiOf(descriptor('/a/code', '/a/vars', more), 'amd64')).toBeUndefined();
  });
});

describe("a host's firmware", () => {
  let folder = '';
  const own = () => [join(folder, 'etc'), join(folder, 'usr')];
  const at = async (path: string, content: string) => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firmware-'));
    for (const name of ['one', 'two']) {
      await at(`${name}/code`, 'code');
      await at(`${name}/vars`, 'vars');
    }
  });
  afterEach(() => rm(folder, { recursive: true }));
  const told = (name: string) =>
    JSON.stringify(descriptor(join(folder, name, 'code'), join(folder, name, 'vars')));

  it('is the first by name that fits', async () => {
    await at('usr/60-two.json', told('two'));
    await at('usr/50-one.json', told('one'));

    expect((await findUefi('amd64', own())).code.path).toBe(join(folder, 'one/code'));
  });

  it("is its administrator's before its distro's, who may also take one away", async () => {
    await at('usr/50-one.json', told('one'));
    await at('usr/60-two.json', told('two'));
    await at('etc/50-one.json', '');

    expect((await findUefi('amd64', own())).code.path).toBe(join(folder, 'two/code'));
  });

  it('is left out where its files are gone', async () => {
    await at('usr/50-none.json', told('none'));
    await at('usr/60-two.json', told('two'));

    expect((await findUefi('amd64', own())).code.path).toBe(join(folder, 'two/code'));
  });
});
