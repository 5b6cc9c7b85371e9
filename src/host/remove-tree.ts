import { rm } from 'node:fs/promises';
import { runBound } from './bound-child.ts';
import { contained } from './contained.ts';

/** The longest that removing a root file system of a few gigabytes may take on a busy host. */
const limitMs = 120_000;

/**
 * Removes a folder, if there is one, with whatever is in it. What an ordinary user cannot remove, a half-unpacked
 * root of many owners, is removed as the one that unpacked it. Throws the first trouble, with what `rm` said to it.
 */
export async function removeTree(folder: string): Promise<void> {
  try {
    // What was killed a moment ago may still write.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (cause) {
    const { code, output } = await runBound(contained(['rm', '-rf', '--', folder]), {
      signal: new AbortController().signal,
      limit: limitMs,
    });
    if (code !== 0) {
      throw new Error(`cannot remove ${folder}: ${output.trim()}`, { cause });
    }
  }
}
