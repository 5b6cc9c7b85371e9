import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Distro } from '../../domain/distro.ts';
import type { Image, Tell } from '../../machine/machine.ts';
import { builder, buildImage } from './image-build.ts';
import { type ImageRecipe, imageRecipe, type Mirror, recipeKey } from './image-recipe.ts';
import { lock } from './lock.ts';
import { removeTree } from './remove-tree.ts';

/** What stands in the cache under a recipe's key: which image it made, and when. */
interface Made {
  readonly digest: string;
  readonly builtAt: string;
}

/** What stands in an image's own folder about it: what was built, and how it departs from the distro's defaults. */
interface Built extends Made {
  readonly recipe: ImageRecipe;
  readonly deviations: readonly string[];
}

export interface ImageStore {
  readonly cache: string;
  readonly mirror: Mirror;
  /** A folder on the cache's file system that is gone when this process is. */
  readonly scratch: string;
  /** The host's QEMU. */
  readonly qemu: string;
  readonly now: () => Date;
}

/**
 * Takes a release's image from the cache or builds it. An image is named by what went into it and what came out;
 * its recipe's key leads to it. Both appear in one step, when complete; two processes never build the same twice.
 */
export async function haveImage(
  store: ImageStore,
  distro: Distro,
  tell: Tell,
  signal: AbortSignal,
): Promise<Image> {
  const recipe = imageRecipe(distro, store.mirror);
  const key = recipeKey(recipe, builder);
  const images = join(store.cache, 'images');
  await mkdir(images, { recursive: true });

  const cached = await find(images, key);
  if (cached) {
    return read(images, cached, distro);
  }
  await using _held = await lock(join(images, `${key}.lock`), tell, signal);
  const made = (await find(images, key)) ?? (await make(images, key, store, recipe, tell, signal));
  return read(images, made, distro);
}

/** The folder of some image in the cache, for what needs just a kernel; undefined where there is none. */
export async function anyImage(cache: string): Promise<string | undefined> {
  const images = join(cache, 'images');
  for (const key of (await readdir(images).catch(() => [])).filter((name) => name.endsWith('.json')).sort()) {
    const made = await find(images, key.slice(0, -'.json'.length));
    if (made) {
      return join(images, made.digest);
    }
  }
  return undefined;
}

async function find(images: string, key: string): Promise<Made | undefined> {
  const text = await readFile(join(images, `${key}.json`), 'utf8').catch(() => undefined);
  if (text === undefined) {
    return undefined;
  }
  const made = JSON.parse(text) as Made;
  const present = await stat(join(images, made.digest, 'disk.raw')).catch(() => undefined);
  return present && made;
}

async function read(images: string, made: Made, distro: Distro): Promise<Image> {
  const folder = join(images, made.digest);
  const list = await readFile(join(folder, 'packages'), 'utf8');
  const packages = list.split('\n').flatMap((line) => {
    const [name, version] = line.split('\t');
    return name && version ? [[name, version] as const] : [];
  });
  const { deviations } = JSON.parse(await readFile(join(folder, 'image.json'), 'utf8')) as Built;
  const { digest, builtAt } = made;
  return {
    digest,
    builtAt,
    folder,
    distro,
    deviations,
    packages: Object.fromEntries(packages),
  };
}

async function make(
  images: string,
  key: string,
  { scratch, qemu, now }: Pick<ImageStore, 'scratch' | 'qemu' | 'now'>,
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
    const deviations = [...recipe.deviations, ...found];
    const digest = await digestOf(key, folder, deviations);
    const made = { digest, builtAt: now().toISOString() };
    const built: Built = { ...made, recipe, deviations };
    await writeFile(join(folder, 'image.json'), JSON.stringify(built, undefined, 2));
    // The same image may be there already, and in use: it stays.
    if (!(await stat(join(images, digest)).catch(() => undefined))) {
      await rename(folder, join(images, digest));
    }
    await writeFile(join(scratch, key), JSON.stringify(made));
    await rename(join(scratch, key), join(images, `${key}.json`));
    return made;
  } finally {
    // Why a build failed counts for more than what it leaves behind.
    await removeTree(folder).catch((error: Error) => tell(`${recipe.distro}: ${error.message}`));
  }
}

/** Over the recipe, every package with its version, the kernel's bytes, and what building added to the record. */
async function digestOf(key: string, folder: string, deviations: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(key).update(JSON.stringify(deviations));
  for (const file of ['packages', 'vmlinuz', 'initrd']) {
    hash.update(await readFile(join(folder, file)));
  }
  return hash.digest('hex');
}
