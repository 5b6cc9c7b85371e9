import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IndexSource } from '../../host/package-index.ts';
import type { ImageRecipe } from './image-recipe.ts';
import { damageOf, digestOfDisk, type Seal, seal } from './seal.ts';
import { readJson, usedFile } from './stored-file.ts';

/** What stands in the cache under a recipe's key: which image it made, when, and of what. */
export interface Made {
  readonly digest: string;
  readonly builtAt: string;
  /** Missing: it is not of an archive's packages alone, or an older katafarm made it, and did not write that down. */
  readonly index?: readonly IndexSource[];
  /** Of a cloud image: what it was made from, as facts. */
  readonly origin?: Origin;
}

/** What tells a published image from others, by the names of its facts. */
export type Origin = Readonly<Record<string, string>>;

/** What stands in an image's own folder about it. */
export interface BuiltImageRecord extends Made {
  readonly recipe: ImageRecipe | CloudRecipe;
  /** Departures from the distro's defaults. */
  readonly deviations: readonly string[];
  readonly seals?: Readonly<Record<string, Seal>>;
  /** Of what is in its disk (`digestOfDisk`). */
  readonly disk?: string;
}

/** How a published image was made fit to run cells. */
export interface CloudRecipe {
  readonly distro: string;
  readonly variant: 'qemu:cloud';
  /** Its machines boot by their own bootloader, after this. */
  readonly firmware: 'bios' | 'uefi';
}

/** A UEFI's program, and its variables as the first boot left them. */
export const uefiCode = 'code.fd';
export const uefiVars = 'vars.fd';

/** The variant that a record is of. */
export function variantOf({ recipe }: Pick<BuiltImageRecord, 'recipe'>): 'qemu:built' | 'qemu:cloud' {
  return 'variant' in recipe ? recipe.variant : 'qemu:built';
}

/** The file that stands for an image: it is there when the image is, and locked by who uses it. */
export const imageRecord = 'image.json';

/** The files of an image that was built. */
export const builtFiles = ['disk.raw', 'vmlinuz', 'initrd', 'busybox', 'packages'];
/** Read in a tenth of a second; the disk takes one, and is read while a template is made. */
const small = new Set(['vmlinuz', 'initrd', 'busybox', 'packages', uefiCode, uefiVars]);

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
  files: readonly string[] = builtFiles,
): Promise<void> {
  const disk = await digestOfDisk(join(folder, 'disk.raw'), signal);
  const seals = await Promise.all(
    files.map(async (name) => [name, await seal(join(folder, name), 0o444, small.has(name))] as const),
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
