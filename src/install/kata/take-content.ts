import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

const nothing = Buffer.alloc(2 ** 20);

/**
 * Reads a content to its end, into a new file where one is named, and says what it was. Stretches of zeros become
 * holes: a guest's image is half of them.
 */
export async function takeContent(
  content: AsyncIterable<Uint8Array>,
  into: { readonly path: string; readonly mode: number } | undefined,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  await using file = into && (await open(into.path, 'wx', into.mode));
  const hash = createHash('sha256');
  let bytes = 0;

  for await (const chunk of content) {
    hash.update(chunk);
    if (file && !isNothing(chunk)) {
      await writeWhole(file, chunk, bytes);
    }
    bytes += chunk.length;
  }

  // The mode of open(2) is less what the umask takes.
  await file?.chmod(into?.mode ?? 0);
  await file?.truncate(bytes);
  return { bytes, sha256: hash.digest('hex') };
}

function isNothing(chunk: Uint8Array): boolean {
  return chunk.length <= nothing.length && nothing.subarray(0, chunk.length).equals(chunk);
}

async function writeWhole(file: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, at + done);
    done += bytesWritten;
  }
}
