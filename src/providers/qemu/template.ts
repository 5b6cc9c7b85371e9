import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runBound } from '../../host/bound-child.ts';
import { limitedBy } from '../../machine/limit.ts';
import type { BootRequest, Machine, Proof, Template } from '../../machine/machine.ts';
import type { MachineSpec } from './argv.ts';
import { type FrozenState, freeze, type Place, thaw } from './freeze.ts';
import { imageOf } from './kept.ts';
import type { QemuMachine } from './machine.ts';
import { proveNesting } from './prove.ts';
import { rebase } from './rebase.ts';
import type { Stored } from './stored-template.ts';
import { childKey } from './template-key.ts';

/** A frozen machine of QEMU's: a memory file, a device state and a disk, which no clone ever writes to. */
export class QemuTemplate implements Template {
  readonly key: string;
  readonly deviations: readonly string[];
  readonly proof?: Proof;
  readonly #frozen: FrozenState;
  readonly #place: Place;
  readonly #stored: Stored | undefined;

  constructor(key: string, frozen: FrozenState, place: Place, stored?: Stored) {
    this.key = key;
    this.#stored = stored;
    if (stored?.proof) {
      this.proof = stored.proof;
    }
    this.deviations = frozen.deviations;
    this.#frozen = frozen;
    this.#place = place;
  }

  /** A clone that answered its first command, by its channel; nobody has logged in yet. */
  async awake(request: BootRequest, memory = this.#privately()): Promise<QemuMachine> {
    try {
      return await thaw(this.#frozen, request, this.#place, memory);
    } catch (error) {
      if (!request.signal.aborted) {
        await this.#stored?.doubt().catch(() => {});
      }
      throw error;
    }
  }

  async clone(request: BootRequest): Promise<Machine> {
    const machine = await this.awake(request);
    try {
      const limit = limitedBy(request.signal, 20 * request.speed.factor, `SSH of ${machine.name}`);
      await machine.login(this.#frozen.identity, limit);
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  async prove(request: BootRequest): Promise<Proof> {
    await using machine = await this.awake(request);
    const proof = await proveNesting(machine, this.#frozen.innerQemu, request);
    // One that came to nothing may be so by the host's slowness. What isn't written down is asked again.
    if (proof.nestedMs !== undefined || proof.panicked) {
      await this.#stored?.keepProof(proof).catch(() => {});
    }
    return proof;
  }

  async child(change: string, request: BootRequest): Promise<Template | undefined> {
    return this.#stored?.children.find(change, request, this.proof);
  }

  async derive(
    key: string,
    request: BootRequest,
    change: (machine: Machine) => Promise<void>,
    keep = false,
  ): Promise<Template> {
    const children = keep ? this.#stored?.children : undefined;
    if (!children) {
      const frozen = await this.#changed(request, change);
      return new QemuTemplate(childKey(this.key, key), frozen, this.#place);
    }
    await children.begin(key, request);
    try {
      return await this.adopt(key, request, await this.#changed(request, change));
    } finally {
      await children.end(key);
    }
  }

  /** Puts a child that was frozen just now beside this template, its disk on the image's: it needs its parent no more. */
  async adopt(key: string, request: BootRequest, child: FrozenState): Promise<Template> {
    if (!this.#stored) {
      throw new TypeError(`cannot keep a child of the template ${this.key}, which is not kept itself`);
    }
    const { spec } = child;
    await rebase(spec.disk, join(imageOf(spec).folder, 'disk.raw'), request.signal);
    return await this.#stored.children.put(key, request, child, this.proof);
  }

  /** A clone's state after a change, frozen. Its disk rests on this template's. */
  async #changed(request: BootRequest, change: (machine: Machine) => Promise<void>): Promise<FrozenState> {
    const file = this.#place.file('memory');
    const source = this.#frozen.spec.memory.file;
    const copied = await runBound(['cp', '--sparse=always', '--reflink=auto', source, file], request);
    if (copied.code !== 0) {
      throw new Error(`cannot copy the template's memory: ${copied.output.trim()}`);
    }
    await using machine = await this.awake(request, { file, share: true });
    const limit = limitedBy(request.signal, 20 * request.speed.factor, `SSH of ${machine.name}`);
    await machine.login(this.#frozen.identity, limit);
    await change(machine);
    const frozen = await freeze(machine, this.#frozen, this.#place, request);
    return { ...frozen, deviations: [...new Set([...this.deviations, ...frozen.deviations])] };
  }

  #privately(): MachineSpec['memory'] {
    return { file: this.#frozen.spec.memory.file, share: false };
  }

  /** Only when its clones and children are gone: they read what is removed here, or may be by others from now on. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stored) {
      await this.#stored.letGo();
      return;
    }
    const { spec, state } = this.#frozen;
    await Promise.all([spec.memory.file, spec.disk, state].map((path) => rm(path, { force: true })));
  }
}
