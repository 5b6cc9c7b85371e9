import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../../host/remove-tree.ts';
import { builder, buildImage } from './image-build.ts';
import { placeImage, pointTo } from './image-cache.ts';
import { isGood } from './image-freshness.ts';
import type { ImageMaker } from './image-maker.ts';
import { imageRecipe, recipeKey } from './image-recipe.ts';
import { digestOfImage, type Made, sealImage } from './image-record.ts';

/** Images that mmdebstrap builds of a release's packages. */
export const builtMaker: ImageMaker = {
  variant: 'qemu:built',
  done: 'built',
  isGood,

  async keyOf({ mirror }, distro) {
    return recipeKey(imageRecipe(distro, mirror), builder);
  },

  async make({ cache, scratch, qemu, arch, now, uses, mirror }, key, distro, tell, signal) {
    const recipe = imageRecipe(distro, mirror);
    const folder = join(scratch, `image-${recipe.distro}`);
    await removeTree(folder);
    await mkdir(folder);
    tell(`${recipe.distro}: building its image, once; a minute or two`);

    try {
      const found = await buildImage(recipe, folder, { qemu, ...(arch && { arch }) }, tell, signal);
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
  },
};
