import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellId } from '../../domain/cell.ts';
import { Ssh } from '../../host/ssh.ts';
import type { Judgement } from '../../machine/judgement.ts';
import type { Machine, SpawnOptions } from '../../machine/machine.ts';
import { type MachineSpec, machineArgv } from './argv.ts';
import { type Answer, Channel } from './channel.ts';
import { keep } from './keep.ts';
import { MachineLogs } from './machine-logs.ts';
import { QemuProcess } from './process.ts';
import { forwardedPort, type Qmp } from './qmp.ts';
import { restart } from './restart.ts';
import { loopbackWay, type SshIdentity } from './ssh-options.ts';
import { clean, type StartRequest } from './start-request.ts';

/** For whoever sets a machine no limit of their own to say that it is there. */
const patienceMs = 20_000;

/** A machine by QEMU: its process, its channel, and SSH once somebody has given it a key. */
export class QemuMachine implements Machine {
  readonly name: string;
  readonly spec: MachineSpec;
  readonly qmp: Qmp;
  readonly #process: QemuProcess;
  readonly #channel: Channel;
  readonly #request: StartRequest;
  readonly #logs: MachineLogs;
  #keep = false;
  #ssh: Ssh | undefined;
  #identity: SshIdentity | undefined;

  private constructor(process: QemuProcess, request: StartRequest) {
    this.name = request.spec.name;
    this.spec = request.spec;
    this.#process = process;
    this.qmp = process.qmp;
    this.#request = request;
    this.#channel = new Channel(join(request.spec.sockets, 'channel'));
    this.#logs = new MachineLogs(request.spec.console, join(request.logs, 'qemu.log'), () => process.kill());
  }

  /** The guest has not said anything yet when this resolves. */
  static async start(request: StartRequest): Promise<QemuMachine> {
    const { qemu, spec, logs, signal } = request;
    const argv = [qemu, ...machineArgv(spec)];
    await request.announce(argv);
    signal.throwIfAborted();

    try {
      await mkdir(spec.sockets, { recursive: true, mode: 0o700 });
      const process = await QemuProcess.start({ argv, sockets: spec.sockets, logs, signal });
      return new QemuMachine(process, request);
    } catch (error) {
      await clean(request);
      throw error;
    }
  }

  /** Asks over the channel; the signal ends the wait, and so does the machine's end. */
  async ask(script: string, signal: AbortSignal): Promise<Answer> {
    using running = this.#process.whileRunning(() => new Error(`cannot reach ${this.name}: its QEMU ended`));
    return await this.#channel.ask(script, AbortSignal.any([signal, running.signal]));
  }

  /** Logs in with the template's key. */
  async login(identity: SshIdentity, signal: AbortSignal): Promise<void> {
    this.#identity = identity;
    const port = await forwardedPort(this.qmp);
    await this.#ssh?.[Symbol.asyncDispose]();
    this.#ssh = new Ssh(loopbackWay(identity, port, this.spec.sockets));
    await this.#ssh.connect(signal);
  }

  /** Ends the SSH connection and waits for its server's end: at a freeze it would be alive in every clone. */
  async logout(signal: AbortSignal): Promise<void> {
    if (this.#ssh) {
      await this.#ssh[Symbol.asyncDispose]();
      this.#ssh = undefined;
      await this.ask("while pgrep -f '^sshd(-session)?: root' >/dev/null; do sleep 0.1; done", signal);
    }
  }

  spawn(command: string, options: SpawnOptions = {}): ChildProcess {
    return this.#session.spawn(command, options);
  }

  push(local: string, remote: string, signal?: AbortSignal): Promise<void> {
    return this.#session.push(local, remote, signal);
  }

  pull(remote: string, local: string, signal?: AbortSignal): Promise<void> {
    return this.#session.pull(remote, local, signal);
  }

  attach(command?: string): ChildProcess {
    return this.#session.attach(command);
  }

  /** Its process ends, and it is of no more use, whether it could be kept or not. */
  keep(of: { readonly run: string; readonly cell: CellId }, limit?: AbortSignal): Promise<string> {
    const { name, spec, qmp } = this;
    const logout = (signal: AbortSignal) => this.logout(signal);
    const quit = () => this.#process.quit();
    const signal = AbortSignal.any([this.#request.signal, ...(limit ? [limit] : [])]);
    return keep({ name, spec, qmp, identity: this.#identity, logout, quit }, of, signal);
  }

  async reboot(limit?: AbortSignal): Promise<void> {
    const { signal } = this.#request;
    const until = limit ? AbortSignal.any([signal, limit]) : signal;
    await restart(this, until);
    await (this.#identity && this.login(this.#identity, until));
  }

  async answers(signal = AbortSignal.timeout(patienceMs)): Promise<boolean> {
    if (this.#process.ended) {
      return false;
    }
    const asked = this.ask('true', signal);
    return asked.then(() => true).catch(() => false);
  }

  judge(): Promise<Judgement> {
    return this.#logs.judge(this.#process.endedBy);
  }

  /** Ends it in order; its disk and memory stay: they are a template's now. */
  async quit(): Promise<void> {
    this.#keep = true;
    await this.#process.quit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ssh?.[Symbol.asyncDispose]();
    this.#channel[Symbol.dispose]();
    await this.#process[Symbol.asyncDispose]();
    await this.#logs[Symbol.asyncDispose]();
    await clean(this.#keep ? { ...this.#request, litter: [] } : this.#request);
  }

  get #session(): Ssh {
    if (!this.#ssh) {
      throw new Error(`cannot run a command on ${this.name}: nobody has logged in`);
    }
    return this.#ssh;
  }
}
