import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** What publishers of images and releases give digests by, and is not known to be broken. */
export type Algorithm = 'sha256' | 'sha512';

/** A file's digest, in hexadecimal digits. */
export async function fileDigest(
  path: string,
  signal: AbortSignal,
  algorithm: Algorithm = 'sha256',
): Promise<string> {
  const hash = createHash(algorithm);
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
