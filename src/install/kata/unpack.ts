import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { troubleOf, unusable } from './archive-trouble.ts';
import { packingOf, unpacked } from './decompress.ts';
import { isKatas, leadsToKata, pathOf, type Refuse, shown } from './tree-paths.ts';
import type { TreeWriter } from './tree-writer.ts';

/** How much more than its own size an archive may hold: Kata's releases unpack to four or five times theirs. */
const mostRatio = 100;
const freeBytes = 512 * 2 ** 20;

/**
 * Unpacks an archive into a tree, as a stream, and nothing of it anywhere else. Throws a UserError (exit 2) that names the
 * archive, the entry and the reason where anything in it is not as in a release of Kata.
 */
export async function unpack(archive: string, tree: TreeWriter, signal: AbortSignal): Promise<void> {
  const packing = await packingOf(archive);
  if (!packing) {
    throw unusable(archive, 'it is no .tar.zst, .tar.xz, .tar.gz or .tar');
  }

  const { size } = await stat(archive);
  const most = freeBytes + mostRatio * size;
  const entries = extract();
  let seen = 0;
  const meter = meterOf(archive, most, (bytes) => {
    seen += bytes;
  });
  const feeding = pipeline(unpacked(archive, packing, signal), meter, entries, { signal });
  feeding.catch(() => {});

  try {
    const mine = {};
    let bytes = 0;
    let end = 0;
    for await (const entry of entries) {
      const { header } = entry;
      const refuse = refuser(archive, header.name);
      bytes += header.size;
      end = endOf(header);
      if (bytes > most) {
        refuse(`brings what is unpacked to ${mostRatio} times the archive, as a decompression bomb would`);
      }
      await takeEntry(header, entry as AsyncIterable<Buffer>, tree, mine, refuse);
      entry.resume();
    }
    await feeding;
    // Every tar has zeros for its end: one of which the last entries were cut off is otherwise as good as whole.
    if (seen <= end) {
      throw new Error('it ends before its end mark');
    }
  } catch (error) {
    signal.throwIfAborted();
    throw await troubleOf(archive, error, feeding);
  }
}

async function takeEntry(
  header: Header,
  content: AsyncIterable<Uint8Array>,
  tree: TreeWriter,
  mine: object,
  refuse: Refuse,
): Promise<void> {
  const path = pathOf(header.name, refuse);
  if (Object.keys(header.pax ?? {}).some((key) => key.startsWith('GNU.sparse'))) {
    refuse('is a sparse file in a form that no release of Kata has');
  }
  if (header.type === 'directory' && leadsToKata(path)) {
    return;
  }
  if (!isKatas(path)) {
    refuse('is not below opt/kata, where all of a Kata is');
  }

  switch (header.type) {
    case 'directory':
      return await tree.folder(path, refuse);
    case 'file':
      return await tree.file(
        path,
        { mode: header.mode ?? 0o644, bytes: header.size ?? 0, content, mine },
        refuse,
      );
    case 'symlink':
      return await tree.symlink(path, header.linkname ?? '', mine, refuse);
    case 'link':
      return await tree.hardLink(
        path,
        pathOf(header.linkname ?? '', (reason) => refuse(`is a hard link whose target ${reason}`)),
        mine,
        refuse,
      );
    default:
      return refuse(`is a ${header.type ?? 'kind of entry that is not known here'}`);
  }
}

/** Where an entry's content ends, in the tar: tar-stream tells where it begins, and reads none of a folder's. */
function endOf(header: Header): number {
  const { byteOffset, size, type } = header as Header & { readonly byteOffset: number };
  return byteOffset + (type === 'directory' ? 0 : Math.ceil(size / 512) * 512);
}

/** Counts what comes out of an archive, whatever it is taken for. */
function meterOf(archive: string, most: number, count: (bytes: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      count(chunk.length);
      const bomb = `it unpacks to more than ${mostRatio} times its size, as a bomb would`;
      done(bytes > most ? unusable(archive, bomb) : null, chunk);
    },
  });
}

function refuser(archive: string, name: string): Refuse {
  return (reason) => {
    throw unusable(archive, `its entry ${shown(name)} ${reason}`);
  };
}
