import type { Distro } from '../../domain/distro.ts';
import { ImageDamaged } from '../../machine/faults.ts';
import type { Image, Tell } from '../../machine/machine.ts';
import { builtMaker } from './built-maker.ts';
import { diskDamage } from './disk-damage.ts';
import { haveImage } from './image.ts';
import { throwAway } from './image-cache.ts';
import type { ImageMaker, ImageStore } from './image-maker.ts';

/** One farm's images. */
export class Images {
  readonly #store: ImageStore;
  readonly #maker: ImageMaker;
  /** Releases whose image this farm has had: `fresh` asks for one build, not for one at each attempt. */
  readonly #had = new Set<string>();
  readonly #tells = new WeakMap<Image, Tell>();
  /** By digest: a disk is read once. */
  readonly #read = new Map<string, Promise<void>>();

  constructor(store: ImageStore, maker: ImageMaker = builtMaker) {
    this.#store = store;
    this.#maker = maker;
  }

  async have(distro: Distro, tell: Tell, signal: AbortSignal, digest?: string): Promise<Image> {
    const { freshness } = this.#store;
    const again = freshness === 'fresh' && this.#had.has(distro.id);
    const store: ImageStore = again ? { ...this.#store, freshness: 'checked' } : this.#store;
    const image = await haveImage(store, distro, tell, signal, digest, this.#maker);
    this.#had.add(distro.id);
    this.#tells.set(image, tell);
    return image;
  }

  /** Who is told what happens to an image: who asked for it. */
  tellOf(image: Image): Tell {
    return this.#tells.get(image) ?? (() => {});
  }

  /** Reads an image's disk. Rejects where it is not what was built; then it is thrown away, and has to be had anew. */
  async ensureWhole(image: Image, signal: AbortSignal): Promise<void> {
    const reading = this.#read.get(image.digest) ?? this.#ensureWhole(image, signal);
    this.#read.set(image.digest, reading);
    try {
      await reading;
    } catch (error) {
      this.#read.delete(image.digest);
      throw error;
    }
  }

  async #ensureWhole({ folder, distro }: Image, signal: AbortSignal): Promise<void> {
    const damage = await diskDamage(folder, signal, this.#store.now());
    if (damage !== undefined) {
      const { uses, scratch } = this.#store;
      await throwAway(folder, uses, scratch, signal);
      throw new ImageDamaged(
        `cannot use ${distro.id}'s image, which was damaged in the cache and is thrown away: ${damage}`,
      );
    }
  }
}
