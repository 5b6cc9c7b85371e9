import type { Distro } from '../../domain/distro.ts';
import { isUpToDate } from '../../host/index-news.ts';
import type { Tell } from '../../machine/machine.ts';
import type { ImageStore } from './image-maker.ts';
import type { Made } from './image-record.ts';

/** Whether an image in the cache may be used. Throws a UserError (exit 3) where its archives can't be asked. */
export async function isGood(
  { freshness, ask, scratch }: ImageStore,
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
  return isUpToDate({ distro: id, index, madeAt: builtAt }, scratch, tell, signal, ask);
}
