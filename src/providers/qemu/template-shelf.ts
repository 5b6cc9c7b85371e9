import { join } from 'node:path';
import type { Proof, Tell } from '../../machine/machine.ts';
import type { FrozenState, Place } from './freeze.ts';
import { imageOf } from './kept.ts';
import type { Making } from './making.ts';
import { putTemplate } from './put-template.ts';
import { touch } from './stored-file.ts';
import { QemuTemplate } from './template.ts';
import { childKey } from './template-key.ts';
import {
  doubt,
  keepProof,
  placed,
  type TemplateRecord,
  type TemplateStore,
  takeTemplate,
  templateRecord,
  templatesOf,
} from './template-store.ts';

/** A template that may be in the store, or is to be put there. */
export interface Sought {
  readonly about: Pick<TemplateRecord, 'key' | 'distro' | 'parts' | 'derived'>;
  /** As its machines are started, but for their files. */
  readonly machine: Pick<FrozenState, 'spec' | 'innerQemu'>;
  /** What its parent proved: that holds for a child as well. */
  readonly proof?: Proof | undefined;
}

interface Shelved {
  readonly store: TemplateStore;
  readonly place: Place;
  /** What earlier runs made does not count. */
  readonly fresh: boolean;
  readonly added: (tell: Tell) => Promise<void>;
  /** From when a template was found missing until it is there. */
  readonly making: Making;
}

/** Templates and their children by their keys: taken out of the store, or put there. */
export class Shelf {
  readonly #of: Shelved;
  readonly #made = new Set<string>();

  constructor(of: Shelved) {
    this.#of = of;
  }

  /** Undefined: it is on the caller to make it, or to give it up; another farm that wants it waits until then. */
  async find(sought: Sought, tell: Tell, signal: AbortSignal): Promise<QemuTemplate | undefined> {
    const { making } = this.#of;
    const { key } = sought.about;
    const known = await this.#take(sought, tell, signal);
    if (known || making.has(key)) {
      return known;
    }
    await making.begin(key, tell, signal);
    // Another farm may have made it while this one waited.
    const made = await this.#take(sought, tell, signal);
    if (made) {
      await making.end(key);
    }
    return made;
  }

  /** Where another farm is at work with one of the same key, this one goes with the run. */
  async put(sought: Sought, frozen: FrozenState, tell: Tell, signal: AbortSignal): Promise<QemuTemplate> {
    const { store, place, added } = this.#of;
    const { key } = sought.about;
    const madeAt = place.now().toISOString();
    const about = { ...sought.about, madeAt, deviations: frozen.deviations };
    const stored = await putTemplate(store, frozen, about, signal);
    this.#made.add(key);
    if (!stored) {
      return new QemuTemplate(key, frozen, place);
    }
    await added(tell);
    return this.#handOut(sought, stored, tell);
  }

  async #take(sought: Sought, tell: Tell, signal: AbortSignal): Promise<QemuTemplate | undefined> {
    const { store, place, fresh } = this.#of;
    const { about, machine } = sought;
    const { key, distro } = about;
    if (fresh && !this.#made.has(key)) {
      return undefined;
    }
    const complain = (damage: string) =>
      tell(`${distro}: its template in the cache is damaged, and thrown away: ${damage}`);
    const now = place.now();
    const record = await takeTemplate(store, key, now, complain, signal);
    if (!record) {
      return undefined;
    }
    await touch(imageOf(machine.spec).folder, now);
    const { deviations, proof = sought.proof } = record;
    const frozen = placed({ ...machine, deviations }, join(templatesOf(store.cache), key));
    return this.#handOut({ ...sought, proof }, frozen, tell);
  }

  #handOut(sought: Sought, frozen: FrozenState, tell: Tell): QemuTemplate {
    const { store, place, making } = this.#of;
    const { key } = sought.about;
    const file = join(templatesOf(store.cache), key, templateRecord);
    const childOf = (change: string, proof: Proof | undefined): Sought => ({
      about: { ...sought.about, key: childKey(key, change), derived: { from: key, change } },
      machine: frozen,
      proof,
    });
    return new QemuTemplate(key, frozen, place, {
      proof: sought.proof,
      keepProof: (found) => keepProof(store, key, found),
      doubt: () => doubt(store, key),
      letGo: () => store.uses.drop(file),
      children: {
        find: (change, { signal }, proof) => this.find(childOf(change, proof), tell, signal),
        async begin(change, { signal }) {
          const child = childKey(key, change);
          await (making.has(child) || making.begin(child, tell, signal));
        },
        put: (change, { signal }, child, proof) => this.put(childOf(change, proof), child, tell, signal),
        end: (change) => making.end(childKey(key, change)),
      },
    });
  }
}
