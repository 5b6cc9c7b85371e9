import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Distro } from '../../domain/distro.ts';
import { UserError } from '../../errors.ts';
import { lock } from '../../host/lock.ts';
import type { Image, Tell } from '../../machine/machine.ts';
import { type EngineImage, imagesWith, removeImage } from './engine-images.ts';
import { furnishing } from './furnishing.ts';
import { guestFiles } from './guest-files.ts';
import { buildImage, containerRecipe, recipeKey } from './image-build.ts';
import { isGood } from './image-freshness.ts';
import { atHand, furnish, pulledKey, pullReference } from './image-pull.ts';
import { readImage } from './image-record.ts';
import type { Kit } from './kit.ts';
import { label } from './labels.ts';

/** One farm's images on an engine. */
export class Images {
  readonly #kit: Kit;
  /** Releases whose image this farm has had: `fresh` asks for one build, not for one at each attempt. */
  readonly #had = new Set<string>();
  readonly #ids = new WeakMap<Image, string>();

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  async have(distro: Distro, tell: Tell, signal: AbortSignal, digest?: string): Promise<Image> {
    const known = digest === undefined ? [] : await this.#named(digest);
    const found = known[0] ?? (await this.#current(distro, tell, signal));
    const image = readImage(found, distro);
    if (!image) {
      throw new Error(`cannot use ${found.tag ?? found.engineId}: its labels do not say what it is`);
    }
    await this.#kit.hold(found.engineId, image.digest, signal);
    this.#had.add(distro.id);
    this.#ids.set(image, found.engineId);
    const unasked = `taken as it was on ${image.builtAt}: --offline, so nobody asked whether its packages are the newest`;
    const handed =
      this.#kit.options.freshness === 'offline'
        ? { ...image, deviations: [...image.deviations, unasked] }
        : image;
    this.#ids.set(handed, found.engineId);
    return handed;
  }

  /** The engine's id of an image that was handed out. */
  idOf(image: Image): string {
    const id = this.#ids.get(image);
    if (id === undefined) {
      throw new TypeError(`cannot use the image ${image.digest}: this provider did not hand it out`);
    }
    return id;
  }

  async #named(digest: string): Promise<readonly EngineImage[]> {
    return imagesWith(this.#kit.docker, { [label.kind]: 'image', [label.id]: digest });
  }

  async #keyed(key: string): Promise<EngineImage | undefined> {
    const all = await imagesWith(this.#kit.docker, { [label.kind]: 'image', [label.key]: key });
    return all.find(({ tag }) => tag !== undefined);
  }

  async #current(distro: Distro, tell: Tell, signal: AbortSignal): Promise<EngineImage> {
    const { reference } = distro.images.docker ?? {};
    return reference === undefined
      ? await this.#built(distro, tell, signal)
      : await this.#pulled(distro, reference, tell, signal);
  }

  async #built(distro: Distro, tell: Tell, signal: AbortSignal): Promise<EngineImage> {
    const { docker, mirror, scratch, options } = this.#kit;
    const key = recipeKey(containerRecipe(distro, mirror));
    const cached = await this.#keyed(key);
    if (cached && (await isGood(this.#kit, this.#had.has(distro.id), cached, distro, tell, signal))) {
      return cached;
    }
    this.#unlessOffline(distro);

    await using _held = await lock(await this.#lockOf(key), tell, signal);
    const now = await this.#keyed(key);
    // Another farm may have built it while this one waited.
    if (now && now.engineId !== cached?.engineId) {
      return now;
    }
    return await this.#take(
      await buildImage({ docker, distro, mirror, scratch, now: options.now, tell, signal }),
    );
  }

  async #pulled(distro: Distro, reference: string, tell: Tell, signal: AbortSignal): Promise<EngineImage> {
    const { docker, options } = this.#kit;
    const isOffline = options.freshness === 'offline';
    const pulled = isOffline
      ? await atHand(docker, reference)
      : await pullReference(docker, reference, options.env, tell, signal);
    const key = pulled && pulledKey(distro, pulled.digest);
    const cached = key && (await this.#keyed(key));
    if (cached && (isOffline || options.freshness !== 'fresh' || this.#had.has(distro.id))) {
      return cached;
    }
    this.#unlessOffline(distro);
    if (!pulled) {
      throw new Error(`cannot find ${reference} on the engine`);
    }
    tell(`${distro.id}: installing in ${reference} what it lacks, once`);
    await using machine = await this.#kit.start(
      pulled.engineId,
      distro,
      furnishing(distro, this.#kit, signal),
      guestFiles,
    );
    return await this.#take(
      await furnish(machine, distro, { reference, digest: pulled.digest }, options.now(), tell, signal),
    );
  }

  /** What was made just now; an older one of the same name goes, unless something rests on it. */
  async #take(digest: string): Promise<EngineImage> {
    const [made, ...older] = await this.#named(digest);
    if (!made) {
      throw new Error(`cannot find the image ${digest} on the engine, which has just made it`);
    }
    await Promise.all(older.map((one) => removeImage(this.#kit.docker, one)));
    return made;
  }

  #unlessOffline({ id }: Distro): void {
    if (this.#kit.options.freshness === 'offline') {
      throw new UserError(
        `cannot take ${id}'s container image from the engine: there is none; say it without --offline once, and it is made`,
        { exitCode: 3 },
      );
    }
  }

  async #lockOf(key: string): Promise<string> {
    const folder = join(this.#kit.options.cache, 'work');
    await mkdir(folder, { recursive: true });
    return join(folder, `container-${key}.lock`);
  }
}
