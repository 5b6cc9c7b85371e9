import type { Mirror } from '../../host/mmdebstrap.ts';
import { openWorkspace } from '../../host/workspace.ts';
import type { BootRequest, Image } from '../../machine/machine.ts';
import { holdConfig, ownLabels, type Rights } from './container-config.ts';
import type { Engine } from './engine.ts';
import { commit, removeNameless } from './engine-images.ts';
import { type LabelKind, label, ownerLabel } from './labels.ts';
import { type DockerMachine, removeContainer } from './machine.ts';
import { Marks, marksOf } from './marks.ts';
import { create, type StartRequest, startMachine } from './start.ts';

export interface DockerOptions {
  /** Where work in progress is kept. */
  readonly cache: string;
  readonly mirror?: string | undefined;
  readonly allowExpiredMirror: boolean;
  readonly freshness: 'checked' | 'offline' | 'fresh';
  readonly now: () => Date;
  /** DOCKER_HOST and the like, KATAFARM_DOCKER_PRIVILEGED. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What one farm works with on an engine, once it does. Dispose of it when its machines are gone. */
export class Kit implements AsyncDisposable {
  readonly engine: Engine;
  readonly rights: Rights;
  readonly options: DockerOptions;
  readonly scratch: string;
  readonly marks: Marks;
  readonly #workspace: AsyncDisposable;
  readonly #holds = new Map<string, Promise<AsyncDisposable>>();

  private constructor(
    engine: Engine,
    rights: Rights,
    options: DockerOptions,
    scratch: string,
    workspace: AsyncDisposable,
  ) {
    this.engine = engine;
    this.rights = rights;
    this.options = options;
    this.scratch = scratch;
    this.#workspace = workspace;
    this.marks = new Marks(marksOf(options.cache), options.now);
  }

  static async open(engine: Engine, rights: Rights, options: DockerOptions): Promise<Kit> {
    const workspace = await openWorkspace(options.cache);
    return new Kit(engine, rights, options, workspace.files, workspace);
  }

  get docker(): Engine['docker'] {
    return this.engine.docker;
  }

  get mirror(): Mirror {
    return { url: this.options.mirror, allowExpired: this.options.allowExpiredMirror };
  }

  /** Starts a container of an image, which the engine knows by this id. */
  start(
    image: string,
    of: Pick<Image['distro'], 'id'>,
    request: BootRequest,
    files?: StartRequest['files'],
  ): Promise<DockerMachine> {
    const keepAs: StartRequest['keepAs'] = async (machine, { run, cell }) => {
      await machine.rest(request.signal);
      const id = `${run}-${cell.replaceAll('/', '-')}-${this.options.now().getTime()}`;
      await this.commit(machine, 'kept', id, {
        [label.distro]: of.id,
        [label.title]: encodeURIComponent(`${cell} of ${run}`),
      });
      await machine[Symbol.asyncDispose]();
      return id;
    };
    return startMachine({
      ...{ docker: this.docker, image, keepAs, request, rights: this.rights },
      labels: { ...ownLabels('machine', request.run, ownerLabel()), [label.distro]: of.id },
      ...(files && { files }),
    });
  }

  /** Keeps a container that rests as an image, in place of one of the same name; resolves with the engine's id of it. */
  async commit(
    machine: DockerMachine,
    kind: LabelKind,
    id: string,
    labels: Readonly<Record<string, string>>,
  ): Promise<string> {
    const made = this.options.now().toISOString();
    const all = { [label.made]: made, [label.from]: machine.image, ...labels };
    const image = await commit(machine.container, kind, id, all);
    await removeNameless(this.docker, { [label.kind]: kind, [label.id]: id });
    return image;
  }

  /** Nobody removes the image from now on, until this farm ends, however it does. Marks it as used now. */
  async hold(image: string, id: string, signal: AbortSignal): Promise<void> {
    await this.marks.touch(id);
    const held = this.#holds.get(image) ?? this.#hold(image, signal);
    this.#holds.set(image, held);
    await held.catch((error: unknown) => {
      this.#holds.delete(image);
      throw error;
    });
  }

  async letGo(image: string): Promise<void> {
    const held = this.#holds.get(image);
    this.#holds.delete(image);
    await (await held?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }

  async #hold(image: string, signal: AbortSignal): Promise<AsyncDisposable> {
    const { container, stream } = await create(
      this.docker,
      holdConfig(image, ownLabels('hold', '', ownerLabel())),
      signal,
    );
    stream.on('error', () => {}).resume();
    await container.start();
    return {
      async [Symbol.asyncDispose]() {
        stream.destroy();
        await removeContainer(container);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#holds.keys()].map((image) => this.letGo(image)));
    await this.#workspace[Symbol.asyncDispose]();
  }
}
