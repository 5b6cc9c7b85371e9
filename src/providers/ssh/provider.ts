import type { Distro } from '../../domain/distro.ts';
import type { Speed } from '../../domain/speed.ts';
import { reapWorkspaces } from '../../host/workspace.ts';
import type { BootRequest, Image, Machine, Provider, Tell } from '../../machine/machine.ts';
import { Holds, type SshOptions } from './holds.ts';
import { lookAt } from './look.ts';
import { measureSpeed } from './speed.ts';

/** Machines that exist: one for a release, for all of its cells in turn. Dispose of it when they are done. */
export function sshProvider(options: SshOptions): Provider {
  return new SshProvider(options);
}

const devices = ['/dev/kvm', '/dev/vhost-vsock', '/dev/vhost-net', '/dev/net/tun'];

class SshProvider implements Provider {
  readonly name = 'ssh';
  readonly fidelity = 'vm';
  readonly onRequest = true;
  readonly sharesMachine = true;
  readonly #options: SshOptions;
  readonly #holds: Holds;

  constructor(options: SshOptions) {
    this.#options = options;
    this.#holds = new Holds(options);
  }

  offers({ id }: Distro) {
    const { mayRestart } = this.#options;
    if (this.#holds.targetOf(id) === undefined) {
      return { because: `no machine is named for it: --ssh ${id}=root@HOST` };
    }
    return {
      variant: 'ssh' as const,
      devices,
      memoryMiB: 0,
      unfit: {
        ...(!mayRestart && { cold: 'it would be restarted, which nobody has allowed; --allow-reboot does' }),
        kata: 'nobody puts a Kata into a machine that exists: it could not be taken out again without a trace',
      },
    };
  }

  async image(distro: Distro, tell: Tell, signal: AbortSignal): Promise<Image> {
    const held = await this.#holds.hold(distro, tell, signal);
    await using machine = await this.#holds.take(held, `look-${distro.id}`, signal);
    const { mayInstall: install, now } = this.#options;
    held.look = await lookAt(machine, distro, held.link.said, { install, now, tell, signal });
    return held.look.image;
  }

  async probe({ distro }: Image, tell: Tell, signal: AbortSignal): Promise<Speed> {
    const { link, speed } = await this.#holds.hold(distro, tell, signal);
    tell(`${link.name}: trying whether a guest comes up under KVM there`);
    return speed.get(() => measureSpeed(link, distro, signal));
  }

  async measure(): Promise<undefined> {
    return undefined;
  }

  async boot({ distro }: Image, request: BootRequest): Promise<Machine> {
    const { signal, parts = [], name, announce, cold = false } = request;
    const held = await this.#holds.hold(distro, () => {}, signal);
    const lacks = parts.flatMap((part) => held.look?.lacks.get(part) ?? []);
    if (lacks.length > 0) {
      const { mayInstall } = this.#options;
      const remedy = mayInstall ? 'and it could not be installed' : 'which --yes installs';
      throw new Error(`cannot run this on ${held.link.name}: it lacks ${lacks.join(', ')}, ${remedy}`);
    }
    await announce(['ssh', held.link.name]);
    const machine = await this.#holds.take(held, name, signal);
    try {
      await (cold && machine.reboot(signal));
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What is left on a machine is removed as it is logged in to; here it is this host's turn. */
  reap(): Promise<readonly string[]> {
    return reapWorkspaces(this.#options.cache);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holds[Symbol.asyncDispose]();
  }
}
