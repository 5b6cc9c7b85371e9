import type { Distro } from '../../domain/distro.ts';
import { UserError } from '../../errors.ts';
import { askIndex } from '../../host/package-index.ts';
import type { Tell } from '../../machine/machine.ts';
import type { ImageStore } from './image-maker.ts';
import type { Made } from './image-record.ts';

/**
 * Whether an image in the cache may be used: its archives' package lists are those that it was made from. Says what has
 * changed. Throws a UserError (exit 3) where they can't be asked.
 */
export async function isGood(
  { freshness, ask = askIndex, scratch }: ImageStore,
  { index, builtAt }: Made,
  { id }: Distro,
  tell: Tell,
  signal: AbortSignal,
): Promise<boolean> {
  if (freshness === 'offline') {
    return true;
  }
  if (freshness === 'fresh' || !index) {
    return false;
  }
  const changed = await ask(index, scratch, signal).catch((cause: Error) => {
    signal.throwIfAborted();
    throw new UserError(
      `cannot ask whether ${id}'s image is out of date: ${cause.message}; say --offline to take it as it is`,
      { exitCode: 3, cause },
    );
  });
  if (changed.length > 0) {
    tell(`${id}: its package index has changed since ${builtAt.slice(0, 16)}Z: ${changed.join(' ')}`);
  }
  return changed.length === 0;
}
