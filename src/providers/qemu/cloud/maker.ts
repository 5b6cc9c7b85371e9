import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manners } from '../../../download/manners.ts';
import { removeTree } from '../../../host/remove-tree.ts';
import { imageParts } from '../../../install/install-missing.ts';
import { instruments } from '../../../install/instruments.ts';
import type { Place } from '../freeze.ts';
import { placeImage, pointTo } from '../image-cache.ts';
import type { ImageMaker, ImageStore } from '../image-maker.ts';
import { type CloudRecipe, digestOfImage, type Made, sealImage } from '../image-record.ts';
import { firmwareFor, headOf, newestOf, provenance, sourceIn } from './about-source.ts';
import type { Known } from './boot-tried.ts';
import { lookAtDisk } from './disk-file.ts';
import { type Furnish, furnish } from './furnish.ts';
import { awaitCloudInit, letRootIn, tidyUp } from './guest-scripts.ts';
import { haveDownload } from './have-download.ts';
import { digestOfOwn } from './own-file.ts';
import { type Asking, imageManners } from './publisher.ts';
import { userData } from './seed.ts';

/** What cloud images are had by, beside a store. */
export interface CloudSettings {
  /** Files that a user brings, by release. */
  readonly brought: Readonly<Record<string, string>>;
  /** Addresses that begin so are asked for elsewhere. */
  readonly mirrors: Asking['mirrors'];
  readonly place: Place;
  readonly known: Known;
  /** How publishers are dealt with; politely unless given. */
  readonly manners?: Manners;
  /** How a disk becomes an image; by a first boot unless given. */
  readonly furnish?: Furnish;
}

/** What is done to every published disk, as text: an image by other deeds is another one. */
const deeds = [userData, awaitCloudInit, letRootIn, tidyUp].join('\n');

/** Images that distros publish, or that users bring. */
export function cloudMaker(settings: CloudSettings): ImageMaker {
  const { brought, mirrors, manners = imageManners, place, known, furnish: work = furnish } = settings;
  const askingOf = ({ now }: Pick<ImageStore, 'now'>, signal: AbortSignal): Asking => {
    return { mirrors, manners, now, signal };
  };

  return {
    variant: 'qemu:cloud',
    done: 'fetched',

    async keyOf(_, distro, signal) {
      const source = sourceIn(distro, brought);
      const own =
        source.kind === 'file' && source.by === 'user'
          ? await digestOfOwn(distro.id, source.path, signal)
          : '';
      const { source: _read, trust: _trust, ...cloud } = distro.images.cloud ?? {};
      const packages = imageParts.map((part) => distro.parts[part]);
      const words = [distro.id, own, cloud, firmwareFor(distro), packages, instruments, deeds];
      return createHash('sha256').update(JSON.stringify(words)).digest('hex');
    },

    async isGood(store, made, distro, tell, signal) {
      if (store.freshness === 'offline') {
        return true;
      }
      if (store.freshness === 'fresh' || !made.origin) {
        return false;
      }
      const now = await newestOf(distro, sourceIn(distro, brought), askingOf(store, signal));
      const isSame = now['image.published'] === made.origin['image.published'];
      if (!isSame) {
        const build = now['image.build'] ?? now['image.published'];
        tell(`${distro.id}: a newer image is published than that of ${made.builtAt.slice(0, 16)}Z: ${build}`);
      }
      return isSame;
    },

    async make(store, key, distro, tell, signal) {
      const asking = askingOf(store, signal);
      const { cache, scratch, uses, now } = store;
      await using had = await haveDownload(distro.id, sourceIn(distro, brought), cache, asking, tell);
      const disk = await lookAtDisk(had.path, await headOf(had.path), signal);
      const folder = join(scratch, `cloud-${distro.id}`);
      await removeTree(folder);
      await mkdir(folder);

      try {
        const firmware = firmwareFor(distro);
        const order = { distro, disk: { ...disk, path: had.path }, firmware, folder };
        const { deviations, files } = await work(order, place, known, tell, signal);
        const all = [...provenance(had.origin), ...deviations];
        const digest = await digestOfImage(key + JSON.stringify(had.origin), folder, all);
        const made: Made = { digest, builtAt: now().toISOString(), origin: had.origin };
        const recipe: CloudRecipe = { distro: distro.id, variant: 'qemu:cloud', firmware };
        await sealImage(folder, { ...made, recipe, deviations: all }, signal, files);
        await placeImage(cache, folder, digest, uses, scratch, signal);
        await pointTo(cache, key, made, scratch);
        await had.made();
        return made;
      } finally {
        await removeTree(folder).catch((error: Error) => tell(`${distro.id}: ${error.message}`));
      }
    },
  };
}
