import { describe, expect, it } from 'vitest';
import { cargoPaths } from '../../../src/install/kata/cargo.ts';
import type { TreeEntry } from '../../../src/install/kata/manifest.ts';

const file: TreeEntry = { kind: 'file', mode: 0o644, bytes: 1, sha256: '0'.repeat(64) };
const share = 'opt/kata/share/kata-containers';

const pathsOf = (entries: Readonly<Record<string, TreeEntry>>) => [
  ...cargoPaths(new Map(Object.entries(entries))),
];

describe('what machines get of a Kata', () => {
  it.each([
    'bin/qemu-system-x86_64-snp-experimental',
    'bin/qemu-system-x86_64-no-shared-fs',
    'bin/openvmm',
    'libexec/nydusd',
    'share/kata-containers/kata-containers-confidential.img',
    'share/kata-containers/kata-containers-initrd-confidential.img',
    'share/kata-containers/kata-containers-coco-extension.img',
    'share/kata-containers/kata-containers-mariner.img',
    'share/kata-containers/kata-containers-nvidia-gpu.img',
    'share/kata-containers/vmlinux-6.18.35-202-debug',
    'share/kata-containers/vmlinuz-6.18.35-202-nvidia-gpu',
    'share/kata-containers/System.map-6.18.35-202',
    'share/kata-qemu-snp-experimental/qemu/bios.bin',
    'share/ovmf/AMDSEV.fd',
  ])('is not %s', (name) => {
    expect(pathsOf({ [`opt/kata/${name}`]: file })).toEqual([]);
  });

  it.each([
    'VERSION',
    'versions.yaml',
    'bin/qemu-system-x86_64',
    'bin/jailer',
    'bin/kata-ctl',
    'libexec/virtiofsd',
    'share/kata-containers/config-6.18.35-202',
    'share/kata-containers/kata-ubuntu-resolute.image',
    'share/kata-containers/vmlinux-dragonball-experimental.container',
    'share/kata-qemu/qemu/bios-256k.bin',
    'share/defaults/kata-containers/runtime-rs/configuration-qemu-snp-runtime-rs.toml',
  ])('is %s', (name) => {
    expect(pathsOf({ [`opt/kata/${name}`]: file })).toEqual([`opt/kata/${name}`]);
  });

  it('is what a piece leads to, by any number of links, whatever it is called', () => {
    const paths = pathsOf({
      [`${share}/kata-containers.img`]: { kind: 'link', target: 'one-debug.img' },
      [`${share}/one-debug.img`]: { kind: 'link', target: './two-debug.img' },
      [`${share}/two-debug.img`]: file,
      [`${share}/three-debug.img`]: file,
    });

    expect(paths).toEqual(
      ['kata-containers.img', 'one-debug.img', 'two-debug.img'].map((name) => `${share}/${name}`),
    );
  });
});
