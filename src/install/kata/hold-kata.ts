import { stat } from 'node:fs/promises';
import type { Tell } from '../../machine/machine.ts';
import { shareLock } from './host-lock.ts';
import { lockOf, treeOf } from './kata-cache.ts';
import type { KataKey } from './kata-keys.ts';

/** How often a Kata may be removed between having and holding it: whoever removes that often is no gc. */
const mostTries = 3;

/** What whoever works with a tree shares, and whoever removes it has alone, stands for in the names of locks. */
export function treeWords(digest: string): string {
  return `tree ${digest}`;
}

/** Has a Kata, and holds it for as long as this process lives, so that no other removes it; had anew where one just did. */
export async function holdKata(
  cache: string,
  tell: Tell,
  signal: AbortSignal,
  have: () => Promise<KataKey>,
): Promise<KataKey> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const key = await have();
    const held = await shareLock(await lockOf(cache, treeWords(key.digest)), tell, signal);
    const isThere = await stat(treeOf(cache, key.digest)).catch(() => undefined);
    if (isThere) {
      return key;
    }
    await held[Symbol.asyncDispose]();
  }
  throw new Error(`cannot hold a Kata in ${cache}: something removes it as soon as it is there`);
}
