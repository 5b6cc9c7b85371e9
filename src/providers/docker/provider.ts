import type { Distro } from '../../domain/distro.ts';
import type { Speed } from '../../domain/speed.ts';
import { Once } from '../../host/once.ts';
import { openWorkspace, reapWorkspaces } from '../../host/workspace.ts';
import type { BootRequest, Image, Machine, Provider, Tell, Template } from '../../machine/machine.ts';
import type { Store } from '../../machine/store.ts';
import type { Rights } from './container-config.ts';
import { type Devices, devicesOf } from './devices.ts';
import { connect, type Engine } from './engine.ts';
import { engineAt } from './engine-place.ts';
import { Images } from './images.ts';
import { type DockerOptions, Kit } from './kit.ts';
import { DockerMachine } from './machine.ts';
import { Marks, marksOf } from './marks.ts';
import { reapEngine } from './reap.ts';
import { revive } from './revive.ts';
import { speedOf } from './speed.ts';
import { dockerStore } from './store.ts';
import { DockerTemplate, putTemplate } from './template.ts';
import { templateKey } from './template-key.ts';

/** Of one container: as a machine's, so that limits that scenarios set mean the same. */
const memoryMiB = 6144;

/** Machines that are containers of an engine: Docker's, or Podman's by its socket. Dispose of it when they are gone. */
export function dockerProvider(options: DockerOptions): Provider {
  return new DockerProvider(options);
}

interface Opened {
  readonly kit: Kit;
  readonly images: Images;
}

class DockerProvider implements Provider {
  readonly name = 'docker';
  readonly fidelity = 'userspace';
  readonly onRequest = true;
  readonly store: Store;
  readonly #options: DockerOptions;
  readonly #engine = new Once<Engine>();
  readonly #opened = new Once<Opened>();
  readonly #devices = new Once<Devices>();
  readonly #images = new WeakMap<Machine, Image>();
  #looked: Devices = { usable: [], lacking: {} };

  constructor(options: DockerOptions) {
    this.#options = options;
    this.store = dockerStore(() => this.#atAll(), new Marks(marksOf(options.cache), options.now));
  }

  /** Finds the engine, and which of its host's devices are of use: what is offered depends on it. */
  async look(signal: AbortSignal): Promise<void> {
    this.#looked = await this.#have(signal);
  }

  offers({ images }: Distro) {
    if (!images.docker) {
      return { because: 'its file has no container image' };
    }
    if (!images.docker.reference && !images.qemu) {
      return { because: 'its file has no recipe to build a container image from' };
    }
    const { usable: devices, lacking } = this.#looked;
    return { variant: 'docker' as const, fidelity: 'userspace' as const, devices, lacking, memoryMiB };
  }

  async image(distro: Distro, tell: Tell, signal: AbortSignal, digest?: string): Promise<Image> {
    const { images } = await this.#open(signal);
    return images.have(distro, tell, signal, digest);
  }

  /** A container runs as fast as its host; what is measured is whether guests in it have KVM. */
  async probe(_image: Image, _tell: Tell, signal: AbortSignal): Promise<Speed> {
    return speedOf(await this.#have(signal));
  }

  async measure(_tell: Tell, signal: AbortSignal): Promise<Speed | undefined> {
    return speedOf(await this.#have(signal));
  }

  async boot(image: Image, request: BootRequest): Promise<Machine> {
    const { kit, images } = await this.#open(request.signal);
    const machine = await kit.start(images.idOf(image), image.distro, request);
    this.#images.set(machine, image);
    return machine;
  }

  async template(image: Image, { signal }: BootRequest): Promise<Template | undefined> {
    const { kit } = await this.#open(signal);
    return DockerTemplate.find(kit, image.distro, templateKey(image.digest), signal);
  }

  async freeze(machine: Machine, { signal }: BootRequest): Promise<Template> {
    const image = this.#images.get(machine);
    if (!(machine instanceof DockerMachine) || !image) {
      throw new TypeError(`cannot freeze ${machine.name}: this provider did not boot it`);
    }
    const { kit } = await this.#open(signal);
    await machine.rest(signal);
    const { distro } = image;
    const what = { distro, key: templateKey(image.digest), title: '', isKept: true };
    const template = await putTemplate(kit, machine, what, signal);
    await machine[Symbol.asyncDispose]();
    return template;
  }

  async revive(kept: string, request: BootRequest): Promise<Machine> {
    const { kit } = await this.#open(request.signal);
    return revive(kit, kept, request);
  }

  async reap(): Promise<readonly string[]> {
    const engine = await this.#atAll();
    const work = await reapWorkspaces(this.#options.cache);
    return engine ? [...work, ...(await reapEngine(engine))] : work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#opened.known)?.kit[Symbol.asyncDispose]();
  }

  /** Undefined where no engine answers: nothing of ours is to be found there. */
  #atAll(): Promise<Engine | undefined> {
    return this.#connect(new AbortController().signal).catch(() => undefined);
  }

  #connect(signal: AbortSignal): Promise<Engine> {
    return this.#engine.get(async () => connect(await engineAt(this.#options.env), signal));
  }

  #have(signal: AbortSignal): Promise<Devices> {
    return this.#devices.get(async () => {
      const engine = await this.#connect(signal);
      await using workspace = await openWorkspace(this.#options.cache);
      return await devicesOf(engine, workspace.files, signal);
    });
  }

  #open(signal: AbortSignal): Promise<Opened> {
    return this.#opened.get(async () => {
      const engine = await this.#connect(signal);
      const privileged = (this.#options.env['KATAFARM_DOCKER_PRIVILEGED'] ?? '') !== '';
      const rights: Rights = { devices: (await this.#have(signal)).usable, privileged };
      const kit = await Kit.open(engine, rights, this.#options);
      return { kit, images: new Images(kit) };
    });
  }
}
