import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Distro } from '../../domain/distro.ts';
import { UserError } from '../../errors.ts';
import { lock } from '../../host/lock.ts';
import type { Image, Tell } from '../../machine/machine.ts';
import { builtMaker } from './built-maker.ts';
import { findMade, imagesOf, readImage, throwAway } from './image-cache.ts';
import type { ImageMaker, ImageStore } from './image-maker.ts';
import { type BuiltImageRecord, imageDamage, imageRecord, type Made, variantOf } from './image-record.ts';
import { readJson } from './stored-file.ts';

/**
 * Takes a release's image from the cache, if its packages are still those of its archives, or builds it. An image is
 * named by what went into it and what came out; its recipe's key leads to it. Both appear in one step, when complete;
 * two processes never build the same twice. One that is out of date stays until nothing rests on it.
 */
export async function haveImage(
  store: ImageStore,
  distro: Distro,
  tell: Tell,
  signal: AbortSignal,
  digest?: string,
  maker: ImageMaker = builtMaker,
): Promise<Image> {
  const before = digest === undefined ? undefined : await takeThis(store, maker, digest, signal);
  if (before) {
    return handOut(store, before, distro);
  }
  const key = await maker.keyOf(store, distro, signal);
  await mkdir(imagesOf(store.cache), { recursive: true });

  const cached = await take(store, key, distro, tell, signal);
  if (cached && (await maker.isGood(store, cached, distro, tell, signal))) {
    return handOut(store, cached, distro);
  }
  if (store.freshness === 'offline') {
    throw new UserError(
      `cannot take ${distro.id}'s image from the cache: there is none; say it without --offline once, and it is ${maker.done}`,
      { exitCode: 3 },
    );
  }

  await using _held = await lock(join(imagesOf(store.cache), `${key}.lock`), tell, signal);
  const now = await take(store, key, distro, tell, signal);
  // Another farm may have built it while this one waited.
  if (now !== undefined && now.builtAt !== cached?.builtAt) {
    return handOut(store, now, distro);
  }
  const made = await maker.make(store, key, distro, tell, signal);
  await store.added?.(tell);
  return handOut(store, made, distro);
}

/** An image by its name, held and whole, of the variant that is asked for; what it is out of date by does not matter. */
async function takeThis(
  { cache, uses }: ImageStore,
  { variant }: ImageMaker,
  digest: string,
  signal: AbortSignal,
): Promise<Made | undefined> {
  const folder = join(imagesOf(cache), digest);
  const isHeld = /^[0-9a-f]{64}$/.test(digest) && (await uses.take(join(folder, imageRecord), signal));
  if (!isHeld || (await imageDamage(folder)) !== undefined) {
    return undefined;
  }
  const record = await readJson<BuiltImageRecord>(join(folder, imageRecord));
  return record && variantOf(record) === variant ? record : undefined;
}

/** What the key leads to, held and whole; a damaged image is thrown away. */
async function take(
  { cache, uses, scratch }: ImageStore,
  key: string,
  distro: Distro,
  tell: Tell,
  signal: AbortSignal,
): Promise<Made | undefined> {
  const made = await findMade(cache, key);
  if (!made) {
    return undefined;
  }
  const folder = join(imagesOf(cache), made.digest);
  if (!(await uses.take(join(folder, imageRecord), signal))) {
    return undefined;
  }
  const damage = await imageDamage(folder);
  if (damage === undefined) {
    return made;
  }
  tell(`${distro.id}: its image in the cache is damaged, and thrown away: ${damage}`);
  await throwAway(folder, uses, scratch, signal);
  return undefined;
}

async function handOut({ cache, freshness, now }: ImageStore, made: Made, distro: Distro): Promise<Image> {
  const image = await readImage(cache, made, distro, now());
  const unasked = `taken as it was on ${made.builtAt}: --offline, so nobody asked whether its packages are the newest`;
  return freshness === 'offline' ? { ...image, deviations: [...image.deviations, unasked] } : image;
}
