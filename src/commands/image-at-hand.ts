import type { Distro, DistroId } from '../domain/distro.ts';
import { loadDistros } from '../load/load-distros.ts';
import type { Image } from '../machine/machine.ts';
import type { Context } from './context.ts';
import { distroFolders } from './folders.ts';
import { storedOf, storesOf } from './stored.ts';

/** One of a release's images by its digest, as the cache has it, by a provider of this name where one is said; undefined where it is gone or damaged. Builds nothing. */
export async function imageAtHand(
  context: Context,
  distro: Distro,
  digest: string,
  name?: string,
): Promise<Image | undefined> {
  await using stores = await storesOf(context);
  const stored = await storedOf(stores.providers, 'image');
  if (!stored.some(({ item }) => item.id === digest && item.distro === distro.id)) {
    return undefined;
  }
  for (const provider of stores.providers.filter((one) => name === undefined || one.name === name)) {
    // Offline: what is not there as it was is never built, but refused, or another one is given.
    const image = await provider.image(distro, () => {}, context.signal, digest).catch(() => undefined);
    context.signal.throwIfAborted();
    if (image?.digest === digest) {
      return image;
    }
  }
  return undefined;
}

/** Those of a release's images that the cache still has, by their digests. */
export async function imagesAtHand(
  context: Context,
  release: DistroId,
  digests: readonly (string | undefined)[],
): Promise<ReadonlySet<string>> {
  const distro = (await loadDistros(distroFolders(context))).find(({ id }) => id === release);
  const wanted = [...new Set(digests.filter((digest) => digest !== undefined))];
  const had = await Promise.all(
    wanted.map(async (digest) => (distro && (await imageAtHand(context, distro, digest)))?.digest),
  );
  return new Set(had.filter((digest) => digest !== undefined));
}
