import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import tar from 'tar-stream';

/** The files of a tar whose names a pattern takes, as text, in their order; the others are passed over. */
export async function* textsIn(archive: Readable, names: RegExp): AsyncGenerator<string> {
  const entries = archive.pipe(tar.extract());
  archive.once('error', (error) => entries.destroy(error));
  for await (const entry of entries) {
    if (names.test(entry.header.name)) {
      yield await text(entry);
    } else {
      entry.resume();
    }
  }
}
