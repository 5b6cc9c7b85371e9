import { createWriteStream } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { shimFiles } from '../../src/install/kata/layout-files.ts';

/** What stands for an entry of an archive: a file unless it says something else. */
export type FakeEntry = Partial<Omit<Header, 'pax'>> & {
  readonly name: string;
  readonly text?: string | Buffer;
  readonly pax?: Readonly<Record<string, string>>;
};

/** The smallest that passes for a program: an ELF header of the architecture, and whatever tells two apart. */
export function elf(text = '', { machine = 62, type = 2, address = 0x400000n } = {}): Buffer {
  const head = Buffer.alloc(120);
  head.write('\x7fELF', 'latin1');
  head.set([2, 1, 1], 4);
  head.writeUInt16LE(type, 16);
  head.writeUInt16LE(machine, 18);
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(1, 56);
  head.writeUInt32LE(1, 64);
  head.writeBigUInt64LE(address, 80);
  return Buffer.concat([head, Buffer.from(text)]);
}

export const vmlinux = elf('a kernel', { address: 0xffff_ffff_8100_0000n });

/** The smallest that passes for a kernel with a boot header. */
export function bzImage(text = ''): Buffer {
  const head = Buffer.alloc(0x210);
  head.writeUInt16LE(0xaa55, 0x1fe);
  head.write('HdrS', 0x202, 'latin1');
  return Buffer.concat([head, Buffer.from(text)]);
}

const share = 'opt/kata/share/kata-containers';
const defaults = 'opt/kata/share/defaults/kata-containers';

/** A kata-static in small: every piece that one of 4.1 has. */
export const staticEntries: readonly FakeEntry[] = [
  { name: './', type: 'directory' },
  { name: './opt/', type: 'directory' },
  { name: './opt/kata/', type: 'directory' },
  { name: './opt/kata/VERSION', text: '4.1.0\n' },
  { name: `./opt/kata/${shimFiles.rust}`, text: elf('rust'), mode: 0o755 },
  { name: './opt/kata/bin/qemu-system-x86_64', text: elf('qemu'), mode: 0o755 },
  { name: './opt/kata/bin/qemu-system-x86_64-snp-experimental', text: elf('snp'), mode: 0o755 },
  { name: './opt/kata/bin/cloud-hypervisor', text: elf('clh'), mode: 0o755 },
  { name: './opt/kata/libexec/virtiofsd', text: elf('virtiofsd'), mode: 0o755 },
  { name: `./${share}/vmlinuz-6.18.35-202`, text: bzImage() },
  { name: `./${share}/vmlinuz.container`, type: 'symlink', linkname: 'vmlinuz-6.18.35-202' },
  { name: `./${share}/vmlinux-6.18.35-202`, text: vmlinux },
  { name: `./${share}/vmlinux.container`, type: 'symlink', linkname: `/${share}/vmlinux-6.18.35-202` },
  { name: `./${share}/vmlinux-6.18.35-202-debug`, text: vmlinux },
  { name: `./${share}/vmlinux-dragonball-experimental.container`, text: vmlinux },
  { name: `./${share}/kata-ubuntu-resolute.image`, text: Buffer.alloc(300_000) },
  { name: `./${share}/kata-containers.img`, type: 'symlink', linkname: 'kata-ubuntu-resolute.image' },
  { name: `./${share}/kata-containers-initrd.img`, text: 'initrd' },
  { name: `./${share}/kata-containers-nvidia-gpu.img`, text: 'gpu' },
  { name: `./${defaults}/runtime-rs/configuration-qemu-runtime-rs.toml`, text: '[hypervisor.qemu]\n' },
  { name: `./${defaults}/runtime-rs/configuration-clh-runtime-rs.toml`, text: '[hypervisor.clh]\n' },
  { name: `./${defaults}/runtime-rs/configuration-dragonball.toml`, text: '[hypervisor.dragonball]\n' },
  { name: `./${defaults}/runtime-rs/configuration-rs-fc.toml`, text: '[hypervisor.firecracker]\n' },
  {
    name: `./${defaults}/runtime-rs/configuration.toml`,
    type: 'symlink',
    linkname: 'configuration-qemu-runtime-rs.toml',
  },
];

/** A kata-go-static in small: what is in both archives of a release is the same in both. */
export const goEntries: readonly FakeEntry[] = [
  { name: './opt/kata/VERSION', text: '4.1.0\n' },
  { name: `./opt/kata/${shimFiles.go}`, text: elf('go'), mode: 0o755 },
  { name: './opt/kata/bin/kata-runtime', text: elf('kata-runtime'), mode: 0o755 },
  { name: './opt/kata/bin/firecracker', text: elf('firecracker'), mode: 0o755 },
  { name: './opt/kata/bin/qemu-system-x86_64', text: elf('qemu'), mode: 0o755 },
  { name: `./${defaults}/configuration-qemu.toml`, text: '[hypervisor.qemu]\n' },
  { name: `./${defaults}/configuration-fc.toml`, text: '[hypervisor.firecracker]\n' },
];

/** Writes an archive, packed as its name says; `.tar.xz` is left to the host's tar. */
export async function writeArchive(path: string, entries: readonly FakeEntry[]): Promise<string> {
  const tar = pack();
  const packer = path.endsWith('.zst') ? createZstdCompress() : undefined;
  const through = packer ?? (path.endsWith('.gz') ? createGzip() : new PassThrough());
  const writing = pipeline(tar, through, createWriteStream(path));
  writing.catch(() => {});
  for (const { text = '', ...header } of entries) {
    tar.entry({ mtime: new Date(0), ...header } as Header, Buffer.from(text));
  }
  tar.finalize();
  await writing;
  return path;
}

/** Lays the same out as a folder. */
export async function writeFolder(folder: string, entries: readonly FakeEntry[]): Promise<string> {
  for (const { name, text = '', type, linkname = '', mode = 0o644 } of entries) {
    const path = join(folder, name);
    await mkdir(type === 'directory' ? path : dirname(path), { recursive: true });
    if (type === 'symlink') {
      await symlink(linkname, path);
    } else if (type !== 'directory') {
      await writeFile(path, text, { mode });
    }
  }
  return folder;
}
