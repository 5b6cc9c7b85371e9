import type { Distro } from '../../domain/distro.ts';
import { UserError } from '../../errors.ts';
import { askIndex } from '../../host/package-index.ts';
import type { Tell } from '../../machine/machine.ts';
import type { EngineImage } from './engine-images.ts';
import type { ImageRecord } from './image-record.ts';
import type { Kit } from './kit.ts';
import { label, unpacked } from './labels.ts';

/**
 * Whether an image on the engine may be used: its archives' package lists are those that it was made from. Says what has
 * changed. Throws a UserError (exit 3) where they can't be asked.
 */
export async function isGood(
  kit: Kit,
  isHad: boolean,
  { labels }: EngineImage,
  { id }: Distro,
  tell: Tell,
  signal: AbortSignal,
): Promise<boolean> {
  const { freshness } = kit.options;
  if (freshness === 'offline' || (freshness === 'fresh' && isHad)) {
    return true;
  }
  const { index } = unpacked<ImageRecord>(labels[label.record]) ?? {};
  if (freshness === 'fresh' || !index) {
    return false;
  }
  const changed = await askIndex(index, kit.scratch, signal).catch((cause: Error) => {
    signal.throwIfAborted();
    throw new UserError(
      `cannot ask whether ${id}'s image is out of date: ${cause.message}; say --offline to take it as it is`,
      { exitCode: 3, cause },
    );
  });
  if (changed.length > 0) {
    tell(
      `${id}: its package index has changed since ${labels[label.made]?.slice(0, 16)}Z: ${changed.join(' ')}`,
    );
  }
  return changed.length === 0;
}
