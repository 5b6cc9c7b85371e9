import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageRecipe } from './image-recipe.ts';
import type { IndexSource } from './package-index.ts';
import { damageOf, digestOfDisk, type Seal, seal } from './seal.ts';
import { readJson, usedFile } from './stored-file.ts';

/** What stands in the cache under a recipe's key: which image it made, when, and of what. */
export interface Made {
  readonly digest: string;
  readonly builtAt: string;
  /** Missing: an older katafarm made it, and did not write that down. */
  readonly index?: readonly IndexSource[];
}

/** What stands in an image's own folder about it. */
export interface BuiltImageRecord extends Made {
  readonly recipe: ImageRecipe;
  /** Departures from the distro's defaults. */
  readonly deviations: readonly string[];
  readonly seals?: Readonly<Record<string, Seal>>;
  /** Of what is in its disk (`digestOfDisk`). */
  readonly disk?: string;
}

/** The file that stands for an image: it is there when the image is, and locked by who uses it. */
export const imageRecord = 'image.json';

const sealed = ['disk.raw', 'vmlinuz', 'initrd', 'busybox', 'packages'];
/** Read in a tenth of a second; the disk takes one, and is read while a template is made. */
const small = new Set(['vmlinuz', 'initrd', 'busybox', 'packages']);

/**
 * Over the recipe, every package with its version, the kernel's bytes, and what building added to the record. Not over
 * the initrd and the disk: they hold the time of the build, and two of the same packages are of the same use.
 */
export async function digestOfImage(
  key: string,
  folder: string,
  deviations: readonly string[],
): Promise<string> {
  const hash = createHash('sha256').update(key).update(JSON.stringify(deviations));
  for (const file of ['packages', 'vmlinuz']) {
    hash.update(await readFile(join(folder, file)));
  }
  return hash.digest('hex');
}

/** Seals a new image's files and writes its record, last. */
export async function sealImage(
  folder: string,
  about: Omit<BuiltImageRecord, 'seals' | 'disk'>,
  signal: AbortSignal,
): Promise<void> {
  const disk = await digestOfDisk(join(folder, 'disk.raw'), signal);
  const seals = await Promise.all(
    sealed.map(async (name) => [name, await seal(join(folder, name), 0o444, small.has(name))] as const),
  );
  const built: BuiltImageRecord = { ...about, seals: Object.fromEntries(seals), disk };
  await writeFile(join(folder, usedFile), '');
  await writeFile(join(folder, imageRecord), JSON.stringify(built, undefined, 2), { mode: 0o444 });
}

/** What has happened to an image in the cache, in words; undefined: nothing that shows without reading its disk. */
export async function imageDamage(folder: string): Promise<string | undefined> {
  const seals = (await readJson<BuiltImageRecord>(join(folder, imageRecord)))?.seals;
  if (!seals) {
    return `${folder} has no record of what it was`;
  }
  const found = await Promise.all(
    Object.entries(seals).map(([name, known]) => damageOf(join(folder, name), known)),
  );
  return found.find((damage) => damage !== undefined);
}
