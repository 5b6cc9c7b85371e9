import type { ChildProcess } from 'node:child_process';
import { runBound } from '../../host/bound-child.ts';
import { Ssh } from '../../host/ssh.ts';
import type { Judgement } from '../../machine/judgement.ts';
import { limitedBy } from '../../machine/limit.ts';
import type { Machine, SpawnOptions } from '../../machine/machine.ts';
import { hear } from './heard.ts';
import { judgeLog, logSince } from './kernel-log.ts';
import type { Link } from './link.ts';
import { restart } from './restart.ts';
import { sshArguments, type WayRequest, wayTo } from './way.ts';

const loginSeconds = 60;
/** For whoever sets a machine no limit of their own to say that it is there. */
const patienceMs = 20_000;
const judgeSeconds = 60;

export interface SshMachineRequest {
  readonly name: string;
  readonly link: Link;
  /** Whether it may be restarted. */
  readonly mayRestart: boolean;
  /** Told, a line each, what a cell left. */
  readonly left: (line: string) => void;
  /** Called when it is let go of. */
  readonly free: () => void;
  readonly signal: AbortSignal;
}

/** A machine that exists, for as long as one cell has it: cleaned when it is let go of. */
export class SshMachine implements Machine {
  readonly name: string;
  readonly #request: SshMachineRequest;
  readonly #way: WayRequest;
  readonly #token: string;
  #ssh: Ssh;
  #since = 0;

  private constructor(request: SshMachineRequest) {
    const { request: way, token } = request.link.way();
    this.name = request.name;
    this.#request = request;
    this.#way = way;
    this.#token = token;
    this.#ssh = new Ssh(wayTo(way));
  }

  static async start(request: SshMachineRequest): Promise<SshMachine> {
    const machine = new SshMachine(request);
    try {
      await machine.login(request.signal);
      return machine;
    } catch (error) {
      await machine.#ssh[Symbol.asyncDispose]();
      request.free();
      throw error;
    }
  }

  /** Anew, where there was a way before. */
  async login(signal: AbortSignal): Promise<void> {
    await this.#ssh[Symbol.asyncDispose]();
    // A master that was killed leaves its socket: the next one has another.
    this.#ssh = new Ssh(wayTo({ ...this.#way, control: this.#request.link.socket() }));
    const limit = limitedBy(signal, loginSeconds, `SSH of ${this.name}`);
    await this.#ssh.connect(limit);
    this.#since = Number((await hear(this.#ssh, "cut -d ' ' -f 1 /proc/uptime", limit)).out);
  }

  /** Asks by the farm's own script; undefined where it does not answer. */
  async ask(script: string, signal: AbortSignal): Promise<string | undefined> {
    const { status, out } = await hear(this.#ssh, script, signal);
    return status === 0 ? out.trim() : undefined;
  }

  spawn(command: string, options: SpawnOptions = {}): ChildProcess {
    return this.#ssh.spawn(command, options);
  }

  push(local: string, remote: string, signal?: AbortSignal): Promise<void> {
    return this.#ssh.push(local, remote, signal);
  }

  pull(remote: string, local: string, signal?: AbortSignal): Promise<void> {
    return this.#ssh.pull(remote, local, signal);
  }

  attach(command?: string): ChildProcess {
    return this.#ssh.attach(command);
  }

  async reboot(limit?: AbortSignal): Promise<void> {
    const { link, mayRestart, signal } = this.#request;
    if (!mayRestart) {
      throw new Error(`cannot restart ${link.name}: nobody has allowed it; --allow-reboot does`);
    }
    await restart(this, link, limit ? AbortSignal.any([signal, limit]) : signal);
  }

  async answers(signal = AbortSignal.timeout(patienceMs)): Promise<boolean> {
    const { login } = this.#way.target;
    const argv = ['ssh', ...sshArguments(this.#way), '-S', 'none', '-T', login, 'true'];
    return await runBound(argv, { signal }).then(
      ({ code }) => code === 0,
      () => false,
    );
  }

  /** By its kernel's log since the cell has it. One that can't be asked shows nothing. */
  async judge(): Promise<Judgement> {
    const { link, signal } = this.#request;
    const limit = limitedBy(signal, judgeSeconds, `the kernel's log of ${link.name}`);
    const log = await this.ask(logSince(this.#since), limit).catch(() => undefined);
    return judgeLog(log === undefined || log === '' ? '' : `${log}\n`);
  }

  /** Its commands end with the way to them; what they left on the machine is ended and removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { link, left, free } = this.#request;
    try {
      await this.#ssh[Symbol.asyncDispose]();
      // Not by the run's own signal: a machine is cleaned after an interruption, too.
      for (const line of await link.clean(this.#token, new AbortController().signal)) {
        left(line);
      }
    } finally {
      free();
    }
  }
}
