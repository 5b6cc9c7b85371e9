import { join } from 'node:path';
import type { Distro, DistroId } from '../../domain/distro.ts';
import type { Speed } from '../../domain/speed.ts';
import { UserError } from '../../errors.ts';
import { Once } from '../../host/once.ts';
import { openWorkspace, type Workspace } from '../../host/workspace.ts';
import { untilAborted } from '../../machine/limit.ts';
import type { Tell } from '../../machine/machine.ts';
import { nameOf, targetOf } from '../../machine/ssh-target.ts';
import type { Said } from './hold.ts';
import { Link } from './link.ts';
import type { Look } from './look.ts';
import { SshMachine } from './machine.ts';
import { notThisRelease } from './release.ts';

export interface SshOptions {
  /** `[USER@]HOST[:PORT]` by release; under `''` that of whichever release is run. */
  readonly targets: Readonly<Record<string, string>>;
  /** An ssh_config in place of the user's. */
  readonly config?: string | undefined;
  /** What a machine lacks may be installed there. */
  readonly mayInstall: boolean;
  /** It may be restarted. */
  readonly mayRestart: boolean;
  readonly cache: string;
  readonly now: () => Date;
}

/** What is known of a machine, and who has it. */
export interface Held {
  readonly link: Link;
  readonly tell: Tell;
  readonly speed: Once<Speed>;
  look?: Look;
  /** Resolves when whoever has it lets go of it. */
  free: Promise<void>;
}

/** One farm's machines, a release each. */
export class Holds implements AsyncDisposable {
  readonly #options: SshOptions;
  readonly #workspace = new Once<Workspace>();
  readonly #held = new Map<DistroId, Once<Held>>();
  #sockets = 0;

  constructor(options: SshOptions) {
    this.#options = options;
  }

  /** As it was typed; undefined: none is named. */
  targetOf(id: DistroId): string | undefined {
    const { targets } = this.#options;
    return targets[id] ?? targets[''];
  }

  /** Throws a UserError (exit 3) where it can't be had. */
  hold(distro: Distro, tell: Tell, signal: AbortSignal): Promise<Held> {
    const once = this.#held.get(distro.id) ?? new Once<Held>();
    this.#held.set(distro.id, once);
    return once.get(() => this.#open(distro, tell, signal));
  }

  /** Throws a UserError (exit 3) where the machine is not of the release that it is said to be. */
  async #open(distro: Distro, tell: Tell, signal: AbortSignal): Promise<Held> {
    const target = targetOf(this.targetOf(distro.id) ?? '');
    const { sockets } = await this.#workspace.get(() => openWorkspace(this.#options.cache));
    const socket = () => {
      this.#sockets += 1;
      return join(sockets, `s${this.#sockets}`);
    };
    const check = (said: Said) => {
      const because = notThisRelease(distro, said);
      if (because !== undefined) {
        throw new UserError(
          `cannot take ${nameOf(target)} for ${distro.id}: ${because}\nname the machine's own release (katafarm list distros), or another machine`,
          { exitCode: 3 },
        );
      }
    };
    const link = await Link.open({ target, config: this.#options.config, socket, tell, check }, signal);
    tell(
      `${link.name} can't be cloned: all is done on the machine itself, cells one after the other, the least harmful first`,
    );
    return { link, tell, speed: new Once(), free: Promise.resolve() };
  }

  /** The machine itself, once nobody else has it. */
  async take(held: Held, name: string, signal: AbortSignal): Promise<SshMachine> {
    const before = held.free;
    const { promise, resolve } = Promise.withResolvers<void>();
    held.free = before.then(() => promise);
    try {
      await untilAborted(before, signal);
    } catch (error) {
      resolve();
      throw error;
    }
    const { link, tell } = held;
    // Where it worked is removed each time, which is no news.
    const left = (line: string) => {
      if (!line.startsWith('/')) {
        tell(`${link.name}: ended after ${name}: ${line}`);
      }
    };
    return await SshMachine.start({
      ...{ name, link, left, signal, free: resolve },
      mayRestart: this.#options.mayRestart,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const held of this.#held.values()) {
      await (await held.known?.catch(() => undefined))?.link[Symbol.asyncDispose]();
    }
    await (await this.#workspace.known)?.[Symbol.asyncDispose]();
  }
}
