import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Distro, isPackaged } from '../../domain/distro.ts';
import type { Speed } from '../../domain/speed.ts';
import { UserError } from '../../errors.ts';
import type { BootRequest, Image, Machine, Provider, Tell, Template } from '../../machine/machine.ts';
import { type Booted, bootImage } from './boot.ts';
import { freeze, type Place } from './freeze.ts';
import { sha256Of, which } from './host.ts';
import { anyImage, haveImage } from './image.ts';
import { QemuMachine } from './machine.ts';
import { probe } from './probe.ts';
import { QemuTemplate } from './template.ts';
import { openWorkspace, reapWorkspaces, type Workspace } from './workspace.ts';

export interface QemuOptions {
  readonly accelerator: 'auto' | 'kvm' | 'tcg';
  /** Where images are kept, and work in progress. */
  readonly cache: string;
  readonly mirror?: string | undefined;
  readonly allowExpiredMirror: boolean;
  readonly freshness: 'checked' | 'offline' | 'fresh';
  readonly now: () => Date;
}

/** Of one machine, as the guest sees it: half of it is /dev/shm, where a sandbox of Kata's keeps 2 GiB. */
const memoryMiB = 6144;

const devices = ['/dev/kvm', '/dev/vhost-vsock', '/dev/vhost-net', '/dev/net/tun'];

/** Machines by QEMU, on this host. Dispose of it when its machines are gone: its workspace goes, templates included. */
export function qemuProvider(options: QemuOptions): Provider {
  return new QemuProvider(options);
}

class QemuProvider implements Provider {
  readonly name = 'qemu';
  readonly fidelity = 'vm';
  readonly #options: QemuOptions;
  readonly #booted = new WeakMap<Machine, Booted['kept']>();
  #workspace: Promise<Workspace> | undefined;
  #probed: Promise<Speed> | undefined;
  #count = 0;

  constructor(options: QemuOptions) {
    this.#options = options;
  }

  offers({ images, parts }: Distro) {
    if (!images.qemu) {
      return { because: 'its file has no image recipe' };
    }
    return isPackaged(parts.kernel)
      ? { variant: 'qemu:built' as const, devices, memoryMiB }
      : { because: 'it packages no kernel to boot' };
  }

  async image(distro: Distro, tell: Tell, signal: AbortSignal): Promise<Image> {
    const { cache, mirror: url, allowExpiredMirror: allowExpired, now } = this.#options;
    const { files: scratch } = await this.#open();
    const { qemu } = await this.#place(signal);
    return haveImage({ cache, mirror: { url, allowExpired }, scratch, qemu, now }, distro, tell, signal);
  }

  probe(image: Image, tell: Tell, signal: AbortSignal): Promise<Speed> {
    const fresh = this.#options.accelerator !== 'auto';
    this.#probed ??= this.#probe(image.folder, fresh, tell, signal);
    return this.#probed;
  }

  async measure(tell: Tell, signal: AbortSignal): Promise<Speed | undefined> {
    const folder = await anyImage(this.#options.cache);
    return folder === undefined ? undefined : this.#probe(folder, true, tell, signal);
  }

  async boot(image: Image, request: BootRequest): Promise<Machine> {
    const { machine, kept } = await bootImage(image, request, await this.#place(request.signal));
    this.#booted.set(machine, kept);
    return machine;
  }

  async freeze(machine: Machine, request: BootRequest): Promise<Template> {
    const kept = this.#booted.get(machine);
    if (!(machine instanceof QemuMachine) || !kept) {
      throw new TypeError(`cannot freeze ${machine.name}: this provider did not boot it`);
    }
    const place = await this.#place(request.signal);
    const key = createHash('sha256').update(JSON.stringify([machine.spec, await sha256Of(place.qemu)]));
    return new QemuTemplate(key.digest('hex'), await freeze(machine, kept, place, request), place);
  }

  reap(): Promise<readonly string[]> {
    return reapWorkspaces(this.#options.cache);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#workspace;
    await opened?.[Symbol.asyncDispose]();
  }

  async #probe(folder: string, fresh: boolean, tell: Tell, signal: AbortSignal): Promise<Speed> {
    const { qemu } = await this.#place(signal);
    const { files: scratch } = await this.#open();
    const { accelerator, cache } = this.#options;
    const [kernel, busybox] = [join(folder, 'vmlinuz'), join(folder, 'busybox')];
    return probe({ qemu, kernel, busybox, accelerator, fresh, cache, scratch }, tell, signal);
  }

  #open(): Promise<Workspace> {
    this.#workspace ??= openWorkspace(this.#options.cache);
    return this.#workspace;
  }

  async #place(signal: AbortSignal): Promise<Place> {
    const qemu = await which('qemu-system-x86_64', signal);
    if (!qemu) {
      throw new UserError('cannot find qemu-system-x86_64; `katafarm doctor` says how to get it', {
        exitCode: 3,
      });
    }
    const { files, sockets } = await this.#open();
    const next = (parent: string, purpose: string) => {
      this.#count += 1;
      return join(parent, `${this.#count}-${purpose}`);
    };
    const { now } = this.#options;
    return { qemu, file: (purpose) => next(files, purpose), sockets: () => next(sockets, 's'), now };
  }
}
