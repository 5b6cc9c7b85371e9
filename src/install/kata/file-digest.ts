import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** sha256 of a file, as 64 hexadecimal digits. */
export async function fileDigest(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(2 ** 20);
  await using file = await open(path);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer);
    if (bytesRead === 0) {
      return hash.digest('hex');
    }
    hash.update(buffer.subarray(0, bytesRead));
  }
}
