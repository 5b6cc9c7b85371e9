import { join } from 'node:path';
import { type Distro, isPackaged } from '../../domain/distro.ts';
import type { Speed } from '../../domain/speed.ts';
import type { BootRequest, Image, Machine, Provider, Tell, Template } from '../../machine/machine.ts';
import type { Store } from '../../machine/store.ts';
import { type Booted, bootImage } from './boot.ts';
import { freeze } from './freeze.ts';
import { anyImage } from './image-cache.ts';
import { type Kit, openKit, type QemuOptions } from './kit.ts';
import { QemuMachine } from './machine.ts';
import { Once } from './once.ts';
import { probe } from './probe.ts';
import { revive } from './revive.ts';
import { qemuStore } from './store.ts';
import { reapWorkspaces } from './workspace.ts';

/** Of one machine, as the guest sees it: half of it is /dev/shm, where a sandbox of Kata's keeps 2 GiB. */
const memoryMiB = 6144;

const devices = ['/dev/kvm', '/dev/vhost-vsock', '/dev/vhost-net', '/dev/net/tun'];

/** Machines by QEMU, on this host. Dispose of it when its machines are gone: its workspace goes. */
export function qemuProvider(options: QemuOptions): Provider {
  return new QemuProvider(options);
}

class QemuProvider implements Provider {
  readonly name = 'qemu';
  readonly fidelity = 'vm';
  readonly store: Store;
  readonly #options: QemuOptions;
  readonly #booted = new WeakMap<Machine, Booted & { readonly image: Image }>();
  readonly #kit = new Once<Kit>();
  readonly #probed = new Once<Speed>();

  constructor(options: QemuOptions) {
    this.#options = options;
    this.store = qemuStore(options.cache);
  }

  offers({ images, parts }: Distro) {
    if (!images.qemu) {
      return { because: 'its file has no image recipe' };
    }
    return isPackaged(parts.kernel)
      ? { variant: 'qemu:built' as const, devices, memoryMiB }
      : { because: 'it packages no kernel to boot' };
  }

  async image(distro: Distro, tell: Tell, signal: AbortSignal, digest?: string): Promise<Image> {
    const { images } = await this.#open(signal);
    return images.have(distro, tell, signal, digest);
  }

  probe(image: Image, tell: Tell, signal: AbortSignal): Promise<Speed> {
    const fresh = this.#options.accelerator !== 'auto';
    return this.#probed.get(() => this.#probe(image.folder, fresh, tell, signal));
  }

  async measure(tell: Tell, signal: AbortSignal): Promise<Speed | undefined> {
    const folder = await anyImage(this.#options.cache);
    return folder === undefined ? undefined : this.#probe(folder, true, tell, signal);
  }

  async template(image: Image, request: BootRequest): Promise<Template | undefined> {
    const { templates, images } = await this.#open(request.signal);
    return templates.find(image, request, images.tellOf(image));
  }

  async boot(image: Image, request: BootRequest): Promise<Machine> {
    const { images, templates, place } = await this.#open(request.signal);
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
    const { images, templates, place } = await this.#open(request.signal);
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
    await (await this.#kit.known)?.[Symbol.asyncDispose]();
  }

  async #probe(folder: string, fresh: boolean, tell: Tell, signal: AbortSignal): Promise<Speed> {
    const { place, scratch } = await this.#open(signal);
    const { accelerator, cache } = this.#options;
    const [kernel, busybox] = [join(folder, 'vmlinuz'), join(folder, 'busybox')];
    return probe({ qemu: place.qemu, kernel, busybox, accelerator, fresh, cache, scratch }, tell, signal);
  }

  #open(signal: AbortSignal): Promise<Kit> {
    return this.#kit.get(() => openKit(this.#options, signal));
  }
}
