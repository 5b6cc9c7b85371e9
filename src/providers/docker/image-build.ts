import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { Distro } from '../../domain/distro.ts';
import {
  bootstrap,
  customizeScript,
  type Mirror,
  type RootRecipe,
  rootRecipe,
} from '../../host/mmdebstrap.ts';
import { keepLists, readLists } from '../../host/package-index.ts';
import { removeTree } from '../../host/remove-tree.ts';
import type { Tell } from '../../machine/machine.ts';
import { guestDeviations, guestFiles } from './guest-files.ts';
import { digestOfImage, type ImageRecord, imageLabels, packagesIn } from './image-record.ts';
import { importRoot } from './import-root.ts';
import { label } from './labels.ts';

/** The package list of the root at `$1`, beside it. */
const list = `set -eu
chroot "$1" dpkg-query -W -f '\${Package}\\t\${Version}\\n' > "\${1%/*}/packages"
rm -f "$1"/var/cache/apt/*.bin "$1"/etc/resolv.conf`;

/** A release's root for containers: that of its machines, less the kernel. */
export function containerRecipe(distro: Distro, mirror: Mirror): RootRecipe {
  return rootRecipe(distro, mirror, ['kernel']);
}

/** Two equal ones make the same image, as far as the distro's archive stands still. */
export function recipeKey(recipe: RootRecipe): string {
  return createHash('sha256')
    .update(JSON.stringify([recipe, guestFiles, list]))
    .digest('hex');
}

/** Where an image is built, and with what. */
export interface Building {
  readonly docker: Docker;
  readonly distro: Distro;
  readonly mirror: Mirror;
  /** A folder that is gone when this process is. */
  readonly scratch: string;
  readonly now: () => Date;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** Builds a release's root with mmdebstrap and imports it; resolves with the new image's digest. */
export async function buildImage(building: Building): Promise<string> {
  const { docker, distro, mirror, scratch, now, tell, signal } = building;
  const recipe = containerRecipe(distro, mirror);
  const key = recipeKey(recipe);
  const folder = join(scratch, `container-${distro.id}`);
  const temporary = join(folder, 'tmp');
  await removeTree(folder);
  await mkdir(temporary, { recursive: true });
  tell(`${distro.id}: building its container image, once; a minute or two`);

  try {
    const tree = join(folder, 'root');
    const hooks = [customizeScript({ files: guestFiles, finish: 'true' }), keepLists, list];
    const shop = { distro: distro.id, temporary, tell, signal };
    await bootstrap(recipe, hooks, tree, shop);
    const record: ImageRecord = {
      packages: packagesIn(await readFile(join(folder, 'packages'), 'utf8')),
      deviations: deviationsOf(distro, mirror),
      index: await readLists(join(folder, 'lists')),
    };
    const digest = digestOfImage(key, record);
    tell(`${distro.id}: importing it into the engine`);
    const labels = { ...imageLabels(distro, key, record, now()), [label.kind]: 'image', [label.id]: digest };
    await importRoot(docker, tree, labels, signal);
    return digest;
  } finally {
    // Why a build failed counts for more than what it leaves behind.
    await removeTree(folder).catch((error: Error) => tell(`${distro.id}: ${error.message}`));
  }
}

function deviationsOf(distro: Distro, mirror: Mirror): readonly string[] {
  const { include = [], exclude = [] } = distro.images.qemu ?? {};
  return [
    `built by mmdebstrap (variant important, Recommends on, no kernel) with: ${include.join(' ')}`,
    ...(exclude.length > 0 ? [`left out of the Recommends: ${exclude.join(' ')}`] : []),
    ...guestDeviations,
    ...(mirror.allowExpired ? ["the mirror's expired Release file was accepted"] : []),
  ];
}
