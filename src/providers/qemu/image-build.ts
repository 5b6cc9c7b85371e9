import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrap, customizeScript, runTool } from '../../host/mmdebstrap.ts';
import { type IndexSource, keepLists, readLists } from '../../host/package-index.ts';
import { removeTree } from '../../host/remove-tree.ts';
import type { Tell } from '../../machine/machine.ts';
import { askFeatures, compileProfiles, haveCompiled, writeFeatures } from './apparmor-cache.ts';
import type { ImageRecipe } from './image-recipe.ts';
import type { MicroGuest } from './micro-guest.ts';

/** The virtual size of a machine's disk; its file is sparse. */
const diskSize = '16G';

/** Out of the root at `$1` into the folder `$2`: kernel, initrd, a static busybox, and the package list. */
const extract = `
PATH=$PATH:/usr/sbin:/sbin
cat "$1"/boot/vmlinuz-* > "$2/vmlinuz"
cat "$1"/boot/initrd.img-* > "$2/initrd"
cat "$1/bin/busybox" > "$2/busybox"
chroot "$1" dpkg-query -W -f '\${Package}\\t\${Version}\\n' > "$2/packages"
`;

/** The root at `$1` as a disk in the folder `$2`. The kernel mounts a /dev of its own; only root could make nodes. */
const convert = `
PATH=$PATH:/usr/sbin:/sbin
${compileProfiles}
rm -rf "$1"/dev/*
mke2fs -q -t ext4 -L root -d "$1" "$2/disk.raw" ${diskSize}
rm -rf --one-file-system "$1"
`;

/** What is done to every root, as text: images that another builder made are not ours. */
export const builder = extract + askFeatures + convert + keepLists;

/** What building an image found out beyond its files. */
export interface Found {
  /** Departures from the distro's defaults that the recipe cannot know of. */
  readonly deviations: readonly string[];
  /** The archives that it was made from. */
  readonly index: readonly IndexSource[];
}

/**
 * Builds an image's files into `folder`; `host` has the QEMU, for what only a running kernel knows. Throws a
 * UserError (exit 3) with the tools' own last words.
 */
export async function buildImage(
  recipe: ImageRecipe,
  folder: string,
  host: Pick<MicroGuest, 'qemu' | 'arch'>,
  tell: Tell,
  signal: AbortSignal,
): Promise<Found> {
  const tree = join(folder, 'root');
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);

  const shop = { distro: recipe.distro, temporary, tell, signal };
  await bootstrap(recipe, [customizeScript(recipe), keepLists], tree, shop);

  tell(`${recipe.distro}: making the disk`);
  const inside = (script: string) => runTool(['/bin/sh', '-euc', script, 'sh', tree, folder], shop);
  await inside(extract);
  await writeFeatures(host, folder, signal);
  const said = await inside(convert);
  const index = await readLists(join(folder, 'lists'));
  await Promise.all([removeTree(temporary), removeTree(join(folder, 'lists'))]);
  const compiled = "AppArmor's profiles were compiled while the image was built, as a first boot would";
  return { deviations: haveCompiled(said) ? [compiled] : [], index };
}
