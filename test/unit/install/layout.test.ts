import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layoutOf } from '../../../src/install/kata/layout.ts';
import { shimFiles } from '../../../src/install/kata/layout-files.ts';
import { type FakeEntry, goEntries, staticEntries, writeFolder } from '../../support/kata-archives.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layout-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Absolute links are written as relative ones by whoever unpacks; here nobody does. */
const relative = staticEntries.map((entry) => ({
  ...entry,
  ...(entry.linkname && { linkname: entry.linkname.replace(/^\/opt\/kata\/share\/kata-containers\//, '') }),
}));

const layout = async (entries: readonly FakeEntry[]) =>
  layoutOf(await writeFolder(folder, entries), 'kata-static.tar.zst');

describe('the layout of a Kata', () => {
  it('is that of kata-static: the Rust runtime and all pieces, as paths in the machine', async () => {
    expect(await layout(relative)).toEqual({
      version: '4.1.0',
      shims: { rust: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2' },
      configs: {
        rust: {
          qemu: '/opt/kata/share/defaults/kata-containers/runtime-rs/configuration-qemu-runtime-rs.toml',
          clh: '/opt/kata/share/defaults/kata-containers/runtime-rs/configuration-clh-runtime-rs.toml',
          dragonball: '/opt/kata/share/defaults/kata-containers/runtime-rs/configuration-dragonball.toml',
          fc: '/opt/kata/share/defaults/kata-containers/runtime-rs/configuration-rs-fc.toml',
        },
      },
      pieces: {
        shim: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2',
        qemu: '/opt/kata/bin/qemu-system-x86_64',
        'cloud-hypervisor': '/opt/kata/bin/cloud-hypervisor',
        virtiofsd: '/opt/kata/libexec/virtiofsd',
        kernel: '/opt/kata/share/kata-containers/vmlinuz.container',
        vmlinux: '/opt/kata/share/kata-containers/vmlinux.container',
        image: '/opt/kata/share/kata-containers/kata-containers.img',
        initrd: '/opt/kata/share/kata-containers/kata-containers-initrd.img',
        dragonball: '/opt/kata/share/kata-containers/vmlinux-dragonball-experimental.container',
      },
    });
  });

  it('is that of kata-go-static', async () => {
    expect(await layout(goEntries)).toMatchObject({
      shims: { go: '/opt/kata/bin/containerd-shim-kata-v2' },
      configs: { go: { qemu: expect.any(String), fc: expect.any(String) } },
      pieces: { shim: '/opt/kata/bin/containerd-shim-kata-v2', firecracker: '/opt/kata/bin/firecracker' },
    });
  });

  it('is that of 3.2, where the Rust runtime’s files lay among the others, and of 3.x, which said cloud-hypervisor', async () => {
    const defaults = 'opt/kata/share/defaults/kata-containers';
    const { configs } = await layout([
      ...goEntries,
      { name: `opt/kata/${shimFiles.rust}` },
      { name: `${defaults}/configuration-dragonball.toml` },
      { name: `${defaults}/runtime-rs/configuration-cloud-hypervisor.toml` },
    ]);

    expect(configs.rust).toEqual({
      dragonball: `/${defaults}/configuration-dragonball.toml`,
      clh: `/${defaults}/runtime-rs/configuration-cloud-hypervisor.toml`,
    });
  });

  it.each([
    ['the Rust shim', `./opt/kata/${shimFiles.rust}`],
    [
      'its configuration',
      './opt/kata/share/defaults/kata-containers/runtime-rs/configuration-dragonball.toml',
    ],
    ['its kernel', './opt/kata/share/kata-containers/vmlinux-dragonball-experimental.container'],
  ])('has no Dragonball without %s', async (_, missing) => {
    const { pieces } = await layout([...relative.filter(({ name }) => name !== missing), ...goEntries]);

    expect(pieces).not.toHaveProperty('dragonball');
  });

  it('has no version where its file has none', async () => {
    await writeFolder(folder, relative);
    await writeFile(join(folder, 'opt/kata/VERSION'), '<script>\n');

    expect((await layoutOf(folder, 'x')).version).toBe('unknown');
  });

  it('lacks a piece whose link leads nowhere', async () => {
    const { pieces } = await layout(relative.filter(({ name }) => !name.endsWith('/vmlinuz-6.18.35-202')));

    expect(pieces).not.toHaveProperty('kernel');
  });

  it('is none without a shim, which says what was looked for', async () => {
    await expect(layout([{ name: 'opt/kata/VERSION', text: '4.1.0' }])).rejects.toThrow(
      'cannot find a Kata in kata-static.tar.zst: there is neither opt/kata/runtime-rs/bin/containerd-shim-kata-v2 nor opt/kata/bin/containerd-shim-kata-v2; give a kata-static',
    );
  });
});
