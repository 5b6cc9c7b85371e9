import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Distro } from '../../domain/distro.ts';
import { UserError } from '../../errors.ts';
import type { Image, Tell } from '../../machine/machine.ts';
import { builder, buildImage } from './image-build.ts';
import { findMade, imagesOf, placeImage, pointTo, readImage, throwAway } from './image-cache.ts';
import { isGood } from './image-freshness.ts';
import { type ImageRecipe, imageRecipe, type Mirror, recipeKey } from './image-recipe.ts';
import { digestOfImage, imageDamage, imageRecord, type Made, sealImage } from './image-record.ts';
import { lock } from './lock.ts';
import type { askIndex } from './package-index.ts';
import { removeTree } from './remove-tree.ts';
import { readJson } from './stored-file.ts';
import type { Uses } from './uses.ts';

export interface ImageStore {
  readonly cache: string;
  readonly mirror: Mirror;
  /** `fresh`: what is in the cache does not count. */
  readonly freshness: 'checked' | 'offline' | 'fresh';
  /** A folder on the cache's file system that is gone when this process is. */
  readonly scratch: string;
  /** The host's QEMU. */
  readonly qemu: string;
  /** Takes what is handed out into use. */
  readonly uses: Uses;
  readonly now: () => Date;
  /** Called when an image was added. */
  readonly added?: (tell: Tell) => Promise<void>;
  /** Which of a release's archives have changed since. */
  readonly ask?: typeof askIndex;
}

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
): Promise<Image> {
  const before = digest === undefined ? undefined : await takeThis(store, digest, signal);
  if (before) {
    return handOut(store, before, distro);
  }
  const recipe = imageRecipe(distro, store.mirror);
  const key = recipeKey(recipe, builder);
  await mkdir(imagesOf(store.cache), { recursive: true });

  const cached = await take(store, key, distro, tell, signal);
  if (cached && (await isGood(store, cached, distro, tell, signal))) {
    return handOut(store, cached, distro);
  }
  if (store.freshness === 'offline') {
    throw new UserError(
      `cannot take ${distro.id}'s image from the cache: there is none; say it without --offline once, and it is built`,
      { exitCode: 3 },
    );
  }

  await using _held = await lock(join(imagesOf(store.cache), `${key}.lock`), tell, signal);
  const now = await take(store, key, distro, tell, signal);
  // Another farm may have built it while this one waited.
  if (now !== undefined && now.builtAt !== cached?.builtAt) {
    return handOut(store, now, distro);
  }
  const made = await make(store, key, recipe, tell, signal);
  await store.added?.(tell);
  return handOut(store, made, distro);
}

/** An image by its name, held and whole; what it is out of date by does not matter. */
async function takeThis(
  { cache, uses }: ImageStore,
  digest: string,
  signal: AbortSignal,
): Promise<Made | undefined> {
  const folder = join(imagesOf(cache), digest);
  const isHeld = /^[0-9a-f]{64}$/.test(digest) && (await uses.take(join(folder, imageRecord), signal));
  return isHeld && (await imageDamage(folder)) === undefined
    ? readJson<Made>(join(folder, imageRecord))
    : undefined;
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

async function make(
  { cache, scratch, qemu, now, uses }: ImageStore,
  key: string,
  recipe: ImageRecipe,
  tell: Tell,
  signal: AbortSignal,
): Promise<Made> {
  const folder = join(scratch, `image-${recipe.distro}`);
  await removeTree(folder);
  await mkdir(folder);
  tell(`${recipe.distro}: building its image, once; a minute or two`);

  try {
    const found = await buildImage(recipe, folder, qemu, tell, signal);
    const deviations = [...recipe.deviations, ...found.deviations];
    const digest = await digestOfImage(key, folder, deviations);
    const made: Made = { digest, builtAt: now().toISOString(), index: found.index };
    await sealImage(folder, { ...made, recipe, deviations }, signal);
    await placeImage(cache, folder, digest, uses, scratch, signal);
    await pointTo(cache, key, made, scratch);
    return made;
  } finally {
    // Why a build failed counts for more than what it leaves behind.
    await removeTree(folder).catch((error: Error) => tell(`${recipe.distro}: ${error.message}`));
  }
}
