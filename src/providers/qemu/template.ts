import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { limitedBy } from '../../machine/limit.ts';
import type { BootRequest, Machine, Proof, Template } from '../../machine/machine.ts';
import type { MachineSpec } from './argv.ts';
import { runBound } from './bound-child.ts';
import { type FrozenState, freeze, type Place, thaw } from './freeze.ts';
import type { QemuMachine } from './machine.ts';
import { proveNesting } from './prove.ts';

/** Where a template is kept between runs. */
export interface Stored {
  /** What its first clone proved in an earlier run. */
  readonly proof: Proof | undefined;
  readonly keepProof: (proof: Proof) => Promise<void>;
  /** A clone of it did not wake up: whoever takes it next makes it anew. */
  readonly doubt: () => Promise<void>;
  /** It may be removed from now on. */
  readonly letGo: () => Promise<void>;
}

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
  async awake(request: BootRequest): Promise<QemuMachine> {
    try {
      return await thaw(this.#frozen, request, this.#place, this.#privately());
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
    if (proof.nested || proof.panicked) {
      await this.#stored?.keepProof(proof).catch(() => {});
    }
    return proof;
  }

  async derive(
    key: string,
    request: BootRequest,
    change: (machine: Machine) => Promise<void>,
  ): Promise<Template> {
    const file = this.#place.file('memory');
    const source = this.#frozen.spec.memory.file;
    const copied = await runBound(['cp', '--sparse=always', '--reflink=auto', source, file], request);
    if (copied.code !== 0) {
      throw new Error(`cannot copy the template's memory: ${copied.output.trim()}`);
    }
    await using machine = await thaw(this.#frozen, request, this.#place, { file, share: true });
    const limit = limitedBy(request.signal, 20 * request.speed.factor, `SSH of ${machine.name}`);
    await machine.login(this.#frozen.identity, limit);
    await change(machine);
    const frozen = await freeze(machine, this.#frozen, this.#place, request);
    return new QemuTemplate(
      createHash('sha256')
        .update(this.key + key)
        .digest('hex'),
      frozen,
      this.#place,
    );
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
