import { join } from 'node:path';
import type { Arch } from '../../domain/arch.ts';
import type { Distro } from '../../domain/distro.ts';
import type { Speed } from '../../domain/speed.ts';
import { Once } from '../../host/once.ts';
import { reapWorkspaces } from '../../host/workspace.ts';
import type { BootRequest, Image, Machine, Provider, Tell, Template } from '../../machine/machine.ts';
import type { Store } from '../../machine/store.ts';
import { type Booted, bootImage } from './boot.ts';
import { freeze, type Place } from './freeze.ts';
import { anyImage } from './image-cache.ts';
import { type Kit, openKit, type QemuOptions } from './kit.ts';
import { QemuMachine } from './machine.ts';
import { probe } from './probe.ts';
import { revive } from './revive.ts';
import { qemuStore } from './store.ts';
import { makerFor, offerOf, probedBy, type QemuVariant } from './variant.ts';

/**
 * Machines by QEMU, on this host, of images that are built or that distros publish. Dispose of it when its machines are
 * gone: its workspace goes.
 */
export function qemuProvider(options: QemuOptions, variant: QemuVariant = 'qemu:built'): Provider {
  return new QemuProvider(options, variant);
}

class QemuProvider implements Provider {
  readonly name: string;
  readonly fidelity = 'vm';
  /** What either variant has made is in one cache: it is shown, and let go of, once. */
  readonly store?: Store;
  readonly #options: QemuOptions;
  readonly #variant: QemuVariant;
  readonly #booted = new WeakMap<Machine, Booted & { readonly image: Image }>();
  readonly #kits = { amd64: new Once<Kit>(), arm64: new Once<Kit>() };
  readonly #probed = { amd64: new Once<Speed>(), arm64: new Once<Speed>() };

  constructor(options: QemuOptions, variant: QemuVariant) {
    this.#options = options;
    this.#variant = variant;
    this.name = variant === 'qemu:built' ? 'qemu' : variant;
    if (variant === 'qemu:built') {
      this.store = qemuStore(options.cache);
    }
  }

  offers(distro: Distro) {
    return offerOf(distro, this.#variant, this.#options.brought);
  }

  async image(distro: Distro, tell: Tell, signal: AbortSignal, digest?: string): Promise<Image> {
    const { images } = await this.#open(signal, distro.arch);
    return images.have(distro, tell, signal, digest);
  }

  probe(image: Image, tell: Tell, signal: AbortSignal): Promise<Speed> {
    const fresh = this.#options.accelerator !== 'auto';
    const { arch } = image.distro;
    return this.#probed[arch].get(() => this.#probe(image.folder, arch, fresh, tell, signal));
  }

  measure(tell: Tell, signal: AbortSignal): Promise<Speed | undefined> {
    return this.#measured(true, tell, signal);
  }

  async template(image: Image, request: BootRequest): Promise<Template | undefined> {
    const { templates, images } = await this.#open(request.signal, image.distro.arch);
    return templates.find(image, request, images.tellOf(image));
  }

  async boot(image: Image, request: BootRequest): Promise<Machine> {
    const { images, templates, place } = await this.#open(request.signal, image.distro.arch);
    // It is read while the machine boots: a damaged disk must not become the release's failure.
    const damaged = new AbortController();
    const whole = images.ensureWhole(image, request.signal).catch((error: Error) => damaged.abort(error));
    const signal = AbortSignal.any([request.signal, damaged.signal]);
    try {
      const booted = await bootImage(image, { ...request, signal }, place);
      this.#booted.set(booted.machine, { ...booted, image });
      await whole;
      if (damaged.signal.aborted) {
        await booted.machine[Symbol.asyncDispose]();
      }
      signal.throwIfAborted();
      return booted.machine;
    } catch (error) {
      if (request.purpose === 'template') {
        await templates.leave(image, request);
      }
      await whole;
      signal.throwIfAborted();
      throw error;
    }
  }

  async freeze(machine: Machine, request: BootRequest): Promise<Template> {
    const booted = this.#booted.get(machine);
    if (!(machine instanceof QemuMachine) || !booted) {
      throw new TypeError(`cannot freeze ${machine.name}: this provider did not boot it`);
    }
    const { image, kept } = booted;
    const { images, templates, place } = await this.#open(request.signal, image.distro.arch);
    try {
      const frozen = await freeze(machine, kept, place, request);
      return await templates.put(image, request, frozen, images.tellOf(image));
    } finally {
      await templates.leave(image, request);
    }
  }

  async revive(kept: string, request: BootRequest): Promise<Machine> {
    const { place } = await this.#open(request.signal);
    return revive(this.#options.cache, kept, request, place);
  }

  reap(): Promise<readonly string[]> {
    return reapWorkspaces(this.#options.cache);
  }

  async scratch(signal: AbortSignal): Promise<string> {
    return (await this.#open(signal)).scratch;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const kit of Object.values(this.#kits)) {
      await (await kit.known)?.[Symbol.asyncDispose]();
    }
  }

  async #measured(fresh: boolean, tell: Tell, signal: AbortSignal): Promise<Speed | undefined> {
    const folder = await anyImage(this.#options.cache);
    return folder === undefined ? undefined : this.#probe(folder, 'amd64', fresh, tell, signal);
  }

  async #probe(own: string, arch: Arch, fresh: boolean, tell: Tell, signal: AbortSignal): Promise<Speed> {
    const { place, scratch } = await this.#open(signal, arch);
    const { accelerator, cache } = this.#options;
    const folder = await probedBy(own, cache);
    const [kernel, busybox] = [join(folder, 'vmlinuz'), join(folder, 'busybox')];
    const asked = { qemu: place.qemu, arch, kernel, busybox, accelerator, fresh, cache, scratch };
    return probe(asked, tell, signal);
  }

  #open(signal: AbortSignal, arch: Arch = 'amd64'): Promise<Kit> {
    const makerOf = (place: Place) =>
      makerFor(this.#variant, this.#options, place, (...rest) => this.#measured(...rest));
    return this.#kits[arch].get(() => openKit(this.#options, signal, arch, makerOf));
  }
}
