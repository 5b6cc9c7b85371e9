import { join } from 'node:path';
import type { BootRequest, Image, Tell } from '../../machine/machine.ts';
import { boards } from './arch.ts';
import { bootSpec, innerQemuOf } from './boot.ts';
import type { FrozenState, Place } from './freeze.ts';
import { hostMachines } from './host-machines.ts';
import { type BuiltImageRecord, imageRecord } from './image-record.ts';
import { Making } from './making.ts';
import { readJson } from './stored-file.ts';
import type { QemuTemplate } from './template.ts';
import { type HostMachines, templateKey, templateParts } from './template-key.ts';
import { Shelf, type Sought } from './template-shelf.ts';
import { type TemplateStore, templatesOf } from './template-store.ts';

const nowhere = { disk: '', memory: '', sockets: '', console: '' };

/** One farm's templates of images: out of the store, or made by it and put there. */
export class Templates implements AsyncDisposable {
  readonly #qemu: string;
  readonly #making: Making;
  readonly #shelf: Shelf;
  readonly #hosts = new Map<string, Promise<HostMachines>>();

  /** `fresh`: what earlier runs made does not count. */
  constructor(store: TemplateStore, place: Place, fresh: boolean, added: (tell: Tell) => Promise<void>) {
    this.#qemu = place.qemu;
    this.#making = new Making(templatesOf(store.cache));
    this.#shelf = new Shelf({ store, place, fresh, added, making: this.#making });
  }

  /** The template of this image and kind of machine; undefined: it is on the caller to make it, or to give it up. */
  async find(image: Image, request: BootRequest, tell: Tell): Promise<QemuTemplate | undefined> {
    return this.#shelf.find(await this.#sought(image, request), tell, request.signal);
  }

  /** Puts a machine that was frozen just now into the store. */
  async put(image: Image, request: BootRequest, frozen: FrozenState, tell: Tell): Promise<QemuTemplate> {
    return this.#shelf.put(await this.#sought(image, request), frozen, tell, request.signal);
  }

  /** This farm makes the template no more, if it was at it: it is there, or can't be made. Whoever waits goes on. */
  async leave(image: Image, request: BootRequest): Promise<void> {
    await this.#making.end((await this.#sought(image, request)).about.key);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#making[Symbol.asyncDispose]();
  }

  async #sought(image: Image, request: BootRequest): Promise<Sought> {
    const { accelerator } = request.speed;
    const { machine } = boards[image.distro.arch];
    const host =
      this.#hosts.get(accelerator) ?? hostMachines(this.#qemu, accelerator, request.signal, machine);
    this.#hosts.set(accelerator, host);
    // What could not be found out is asked again.
    host.catch(() => this.#hosts.delete(accelerator));
    const reading = readJson<BuiltImageRecord>(join(image.folder, imageRecord));
    const [record, machines] = await Promise.all([reading, host]);
    const parts = templateParts(image, record?.disk ?? '', request, machines);
    return {
      about: { key: templateKey(parts), distro: image.distro.id, parts },
      machine: { spec: bootSpec(image, request, nowhere), innerQemu: innerQemuOf(image.distro) },
    };
  }
}
