import { randomBytes } from 'node:crypto';
import type { Ssh } from '../../host/ssh.ts';
import { limitedBy } from '../../machine/limit.ts';
import { nameOf } from '../../machine/ssh-target.ts';
import type { Guard } from './guard.ts';
import { type Heard, hear, linesOf } from './heard.ts';
import { askedOf, hold, type LinkOptions, requestOf, type Said, scriptSeconds } from './hold.ts';
import { cleaning } from './scripts.ts';
import type { WayRequest } from './way.ts';

/** One farm's hold on a machine: nobody else's farm is at work there meanwhile, and what it leaves is removed. */
export class Link implements AsyncDisposable {
  readonly said: Said;
  readonly #options: LinkOptions;
  readonly #token: string;
  #ssh: Ssh;
  #guard: Guard;
  #count = 0;

  private constructor(options: LinkOptions, said: Said, token: string, ssh: Ssh, held: Guard) {
    this.#options = options;
    this.said = said;
    this.#token = token;
    this.#ssh = ssh;
    this.#guard = held;
  }

  /** Throws a UserError (exit 3) that says what to do, where the machine lets nobody in or another farm has it. */
  static async open(options: LinkOptions, signal: AbortSignal): Promise<Link> {
    const said = await askedOf(options, signal);
    const token = randomBytes(6).toString('hex');
    const { ssh, held } = await hold(options, said, token, signal);
    return new Link(options, said, token, ssh, held);
  }

  get name(): string {
    return nameOf(this.#options.target);
  }

  /** The way for one cell's commands, and the token that their processes are marked with. */
  way(): { readonly request: WayRequest; readonly token: string } {
    this.#count += 1;
    const token = `${this.#token}.${this.#count}.`;
    return { token, request: { ...requestOf(this.#options, this.said), token } };
  }

  /** A new name for a master's socket. */
  socket(): string {
    return this.#options.socket();
  }

  /** Runs a script of the farm's, of no cell's. A way that was lost is gone anew. */
  async run(script: string, interrupt: AbortSignal, seconds = scriptSeconds): Promise<Heard> {
    const signal = limitedBy(interrupt, seconds, `a script on ${this.name}`);
    if (!this.#ssh.isUp) {
      await this.again(signal);
    }
    return await hear(this.#ssh, script, signal);
  }

  /** Ends and removes what a cell left; says what that was. */
  async clean(token: string, signal: AbortSignal): Promise<readonly string[]> {
    const { status, out, err } = await this.run(cleaning(token), signal);
    if (status === 255 || status === null) {
      throw new Error(`cannot clean ${this.name}: the way there is lost ${err}`.trim());
    }
    return linesOf(out);
  }

  /** After a restart of the machine, or where the way was lost. */
  async again(signal: AbortSignal): Promise<void> {
    await this.#letGo();
    const { ssh, held } = await hold(this.#options, this.said, this.#token, signal);
    this.#ssh = ssh;
    this.#guard = held;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    await this.#guard[Symbol.asyncDispose]();
    await this.#ssh[Symbol.asyncDispose]();
  }
}
