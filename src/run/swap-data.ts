import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/**
 * Where Kata's QEMU has its firmware, below `/opt/kata`: `share/kata-qemu/qemu` by its build
 * (tools/packaging/scripts/configure-hypervisor.sh); undefined where the tree has none.
 */
export async function qemuData(tree: string): Promise<string | undefined> {
  const data = 'share/kata-qemu/qemu';
  const isThere = await stat(join(tree, 'opt/kata', data, 'bios-256k.bin')).catch(() => undefined);
  return isThere ? data : undefined;
}

/** Packs the files of a folder, without folders below it. */
export async function writeFolder(folder: string, archive: string): Promise<void> {
  const tar = pack();
  const writing = pipeline(tar, createGzip({ level: 1 }), createWriteStream(archive));
  writing.catch(() => {});
  for (const name of (await readdir(folder)).sort()) {
    const found = await stat(join(folder, name));
    if (found.isFile()) {
      const entry = tar.entry({ name, size: found.size, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) });
      await pipeline(createReadStream(join(folder, name)), entry);
    }
  }
  tar.finalize();
  await writing;
}
