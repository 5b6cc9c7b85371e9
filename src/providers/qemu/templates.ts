import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootRequest, Image, Tell } from '../../machine/machine.ts';
import { bootSpec, innerQemuOf } from './boot.ts';
import type { FrozenState, Place } from './freeze.ts';
import { hostMachines } from './host-machines.ts';
import { type BuiltImageRecord, imageRecord } from './image-record.ts';
import { type Held, lock } from './lock.ts';
import { putTemplate } from './put-template.ts';
import { readJson, touch } from './stored-file.ts';
import { QemuTemplate } from './template.ts';
import { type HostMachines, type TemplateParts, templateKey, templateParts } from './template-key.ts';
import {
  doubt,
  keepProof,
  placed,
  type TemplateStore,
  takeTemplate,
  templateRecord,
  templatesOf,
} from './template-store.ts';

/** One farm's templates: out of the store, or made by it and put there. */
export class Templates implements AsyncDisposable {
  readonly #store: TemplateStore;
  readonly #place: Place;
  /** What earlier runs made does not count. */
  readonly #fresh: boolean;
  /** Held from when a template was found missing until it is there: a farm that wants the same waits. */
  readonly #making = new Map<string, Held>();
  readonly #made = new Set<string>();
  readonly #hosts = new Map<string, Promise<HostMachines>>();

  readonly #added: (tell: Tell) => Promise<void>;

  constructor(store: TemplateStore, place: Place, fresh: boolean, added: (tell: Tell) => Promise<void>) {
    this.#store = store;
    this.#place = place;
    this.#fresh = fresh;
    this.#added = added;
  }

  /** The template of this image and kind of machine; undefined: it is on the caller to make it, or to give it up. */
  async find(image: Image, request: BootRequest, tell: Tell): Promise<QemuTemplate | undefined> {
    const parts = await this.#parts(image, request);
    const key = templateKey(parts);
    const known = await this.#take(key, image, request, tell);
    if (known || this.#making.has(key)) {
      return known;
    }
    const folder = templatesOf(this.#store.cache);
    await mkdir(folder, { recursive: true });
    const held = await lock(join(folder, `${key}.lock`), tell, request.signal);
    // Another farm may have made it while this one waited.
    const made = await this.#take(key, image, request, tell);
    if (made) {
      await held[Symbol.asyncDispose]();
      return made;
    }
    this.#making.set(key, held);
    return undefined;
  }

  /** Puts a machine that was frozen just now into the store. */
  async put(image: Image, request: BootRequest, frozen: FrozenState, tell: Tell): Promise<QemuTemplate> {
    const parts = await this.#parts(image, request);
    const key = templateKey(parts);
    const madeAt = this.#place.now().toISOString();
    const { deviations } = frozen;
    const about = { key, distro: image.distro.id, madeAt, parts, deviations };
    const stored = await putTemplate(this.#store, frozen, about, request.signal);
    this.#made.add(key);
    if (!stored) {
      return new QemuTemplate(key, frozen, this.#place);
    }
    await this.#added(tell);
    return this.#handOut(key, stored);
  }

  /** This farm makes the template no more, if it was at it: it is there, or can't be made. Whoever waits goes on. */
  async leave(image: Image, request: BootRequest): Promise<void> {
    await this.#release(templateKey(await this.#parts(image, request)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#making.keys()].map((key) => this.#release(key)));
  }

  async #release(key: string): Promise<void> {
    const held = this.#making.get(key);
    this.#making.delete(key);
    await held?.[Symbol.asyncDispose]();
  }

  async #take(
    key: string,
    image: Image,
    request: BootRequest,
    tell: Tell,
  ): Promise<QemuTemplate | undefined> {
    if (this.#fresh && !this.#made.has(key)) {
      return undefined;
    }
    const complain = (damage: string) =>
      tell(`${image.distro.id}: its template in the cache is damaged, and thrown away: ${damage}`);
    const now = this.#place.now();
    const record = await takeTemplate(this.#store, key, now, complain, request.signal);
    if (!record) {
      return undefined;
    }
    await touch(image.folder, now);
    const { deviations, proof } = record;
    const paths = { disk: '', memory: '', sockets: '', console: '' };
    const frozen = {
      spec: bootSpec(image, request, paths),
      deviations,
      innerQemu: innerQemuOf(image.distro),
    };
    return this.#handOut(key, placed(frozen, join(templatesOf(this.#store.cache), key)), proof);
  }

  #handOut(key: string, frozen: FrozenState, proof?: QemuTemplate['proof']): QemuTemplate {
    const file = join(templatesOf(this.#store.cache), key, templateRecord);
    return new QemuTemplate(key, frozen, this.#place, {
      proof,
      keepProof: (found) => keepProof(this.#store, key, found),
      doubt: () => doubt(this.#store, key),
      letGo: () => this.#store.uses.drop(file),
    });
  }

  async #parts(image: Image, request: BootRequest): Promise<TemplateParts> {
    const { accelerator } = request.speed;
    const host = this.#hosts.get(accelerator) ?? hostMachines(this.#place.qemu, accelerator, request.signal);
    this.#hosts.set(accelerator, host);
    // What could not be found out is asked again.
    host.catch(() => this.#hosts.delete(accelerator));
    const reading = readJson<BuiltImageRecord>(join(image.folder, imageRecord));
    const [record, machines] = await Promise.all([reading, host]);
    return templateParts(image, record?.disk ?? '', request, machines);
  }
}
