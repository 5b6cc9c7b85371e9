import type { Distro } from '../../domain/distro.ts';
import { isUpToDate } from '../../host/index-news.ts';
import type { Tell } from '../../machine/machine.ts';
import type { EngineImage } from './engine-images.ts';
import type { ImageRecord } from './image-record.ts';
import type { Kit } from './kit.ts';
import { label, unpacked } from './labels.ts';

/** Whether an image on the engine may be used. Throws a UserError (exit 3) where its archives can't be asked. */
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
  return isUpToDate({ distro: id, index, madeAt: labels[label.made] ?? '' }, kit.scratch, tell, signal);
}
