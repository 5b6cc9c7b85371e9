import { randomUUID } from 'node:crypto';
import type { Distro } from '../../domain/distro.ts';
import type { BootRequest, Machine, Proof, Template } from '../../machine/machine.ts';
import { rightsDeviations } from './container-config.ts';
import { imagesWith } from './engine-images.ts';
import type { Kit } from './kit.ts';
import { label, ownerLabel } from './labels.ts';
import type { DockerMachine } from './machine.ts';
import { proveKvm } from './prove.ts';
import { childKey } from './template-key.ts';

/** As much of what was changed as is for people. */
const longestChange = 60;

/** A container's state, as an image on the engine, which no clone ever writes to. */
export class DockerTemplate implements Template {
  readonly key: string;
  /** What its clones are given of the host is as this farm has it, whoever froze it. */
  readonly deviations: readonly string[];
  readonly #kit: Kit;
  readonly #distro: Distro;
  /** The engine's id of it. */
  readonly #image: string;
  /** It is kept for later runs. */
  readonly #isKept: boolean;

  constructor(kit: Kit, distro: Distro, key: string, image: string, isKept: boolean) {
    this.#kit = kit;
    this.#distro = distro;
    this.key = key;
    this.#image = image;
    this.#isKept = isKept;
    this.deviations = rightsDeviations(kit.rights);
  }

  /** Out of the engine; undefined where it has none of this key. */
  static async find(
    kit: Kit,
    distro: Distro,
    key: string,
    signal: AbortSignal,
  ): Promise<DockerTemplate | undefined> {
    const found = await imagesWith(kit.docker, { [label.kind]: 'template', [label.id]: key });
    const image = found.find(({ tag }) => tag !== undefined);
    if (!image) {
      return undefined;
    }
    await kit.hold(image.engineId, key, signal);
    return new DockerTemplate(kit, distro, key, image.engineId, true);
  }

  clone(request: BootRequest): Promise<DockerMachine> {
    return this.#kit.start(this.#image, this.#distro, request);
  }

  async prove(request: BootRequest): Promise<Proof> {
    const { devices } = this.#kit.rights;
    if (!devices.includes('/dev/kvm')) {
      return { nested: false, panicked: false, said: 'not tried: the container has no /dev/kvm' };
    }
    await using machine = await this.clone(request);
    return await proveKvm(machine, this.#distro, request.signal);
  }

  async child(change: string, { signal }: BootRequest): Promise<Template | undefined> {
    return this.#isKept
      ? DockerTemplate.find(this.#kit, this.#distro, childKey(this.key, change), signal)
      : undefined;
  }

  async derive(
    change: string,
    request: BootRequest,
    apply: (machine: Machine) => Promise<void>,
    keep = false,
  ): Promise<Template> {
    await using machine = await this.#kit.start(this.#image, this.#distro, request);
    await apply(machine);
    await machine.rest(request.signal);
    const key = childKey(this.key, change);
    const [first = ''] = change.split('\n');
    const title = `derived: ${first.replaceAll(/\p{C}/gu, '').slice(0, longestChange)}`;
    const isKept = keep && this.#isKept;
    return await putTemplate(
      this.#kit,
      machine,
      { distro: this.#distro, key, title, isKept },
      request.signal,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kit.letGo(this.#image);
    if (!this.#isKept) {
      await this.#kit.docker
        .getImage(this.#image)
        .remove({ force: true })
        .catch(() => {});
    }
  }
}

interface Frozen {
  readonly distro: Distro;
  readonly key: string;
  readonly title: string;
  readonly isKept: boolean;
}

/** A container that rests, as a template: kept on the engine, or gone with its run. */
export async function putTemplate(
  kit: Kit,
  machine: Parameters<Kit['commit']>[0],
  { distro, key, title, isKept }: Frozen,
  signal: AbortSignal,
): Promise<DockerTemplate> {
  const labels = {
    [label.distro]: distro.id,
    [label.title]: encodeURIComponent(title),
    ...(!isKept && { [label.owner]: ownerLabel() }),
  };
  const image = await kit.commit(
    machine,
    isKept ? 'template' : 'passing',
    isKept ? key : randomUUID(),
    labels,
  );
  await (isKept && kit.hold(image, key, signal));
  return new DockerTemplate(kit, distro, key, image, isKept);
}
