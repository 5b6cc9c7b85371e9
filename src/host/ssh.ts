import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LimitReached } from '../machine/limit.ts';
import type { SpawnOptions } from '../machine/machine.ts';
import { posixQuote } from '../machine/quote.ts';
import { spawnBound } from './bound-child.ts';
import { mostSaid, receive, send } from './ssh-copy.ts';
import { remoteCommand, remoteShell, spawnHere } from './ssh-terminal.ts';
import type { SshWay } from './ssh-way.ts';

const refused = /Permission denied|Host key verification failed/;

/** One ControlMaster to a machine; commands are sessions of it. */
export class Ssh implements AsyncDisposable {
  readonly #way: SshWay;
  #master: ChildProcess | undefined;

  constructor(way: SshWay) {
    this.#way = way;
  }

  /** Resolves when the machine's sshd has let us in; tries until the signal aborts, and says what it saw last. */
  async connect(signal: AbortSignal): Promise<void> {
    const { look, hopeless = refused } = this.#way;
    let last = '';
    try {
      for (;;) {
        signal.throwIfAborted();
        const said = await this.#try(signal);
        if (said === undefined) {
          return;
        }
        if (hopeless.test(said)) {
          throw new Error(`cannot log in to the machine: ${said.trim()}`);
        }
        last = said.trim();
        await sleep(200, undefined, { signal });
      }
    } catch (error) {
      if (signal.reason instanceof LimitReached) {
        throw signal.reason.having([last, await look?.()].filter(Boolean).join('; '));
      }
      throw error;
    }
  }

  spawn(command: string, { signal, input = false }: SpawnOptions = {}): ChildProcess {
    const child = this.#session(command, signal);
    child.stdin?.on('error', () => {});
    if (!input) {
      child.stdin?.end();
    }
    return child;
  }

  /** A login shell, or a command, on this process's own terminal. */
  attach(command?: string): ChildProcess {
    const { options, target, shell = remoteShell } = this.#way;
    return spawnHere(['ssh', ...options], [target, command === undefined ? shell : this.#remote(command)]);
  }

  async push(local: string, remote: string, signal?: AbortSignal): Promise<void> {
    const { mode } = await stat(local);
    const permissions = (mode & 0o777).toString(8);
    const target = posixQuote(remote);
    const child = this.#session(`cat > ${target} && chmod ${permissions} ${target}`, signal);
    await send(local, child);
  }

  async pull(remote: string, local: string, signal?: AbortSignal): Promise<void> {
    const child = this.#session(`cat ${posixQuote(remote)}`, signal);
    await receive(remote, child, local);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#master && this.#master.exitCode === null && this.#master.signalCode === null) {
      const closed = once(this.#master, 'close');
      this.#master.kill('SIGKILL');
      await closed;
    }
  }

  /** Whether the way there holds: its master has not ended. */
  get isUp(): boolean {
    return this.#master !== undefined && this.#master.exitCode === null && this.#master.signalCode === null;
  }

  #remote(command: string): string {
    return (this.#way.command ?? remoteCommand)(command);
  }

  #session(command: string, signal?: AbortSignal): ChildProcess {
    const { options, target } = this.#way;
    const child = spawnBound(['ssh', ...options, '-T', target, this.#remote(command)]);
    const end = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', end, { once: true });
    child.once('close', () => signal?.removeEventListener('abort', end));
    if (signal?.aborted) {
      end();
    }
    return child;
  }

  /** Starts a master; undefined once it serves, else what it said as it gave up. */
  async #try(signal: AbortSignal): Promise<string | undefined> {
    const { options, control, target } = this.#way;
    const argv = ['ssh', ...options, '-M', '-N', '-o', 'ConnectTimeout=60', target];
    const master = spawnBound(argv, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#master = master;
    let said = '';
    master.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-mostSaid);
    });
    let gone = false;
    master.once('error', () => {
      gone = true;
    });
    master.once('close', () => {
      gone = true;
    });
    for (let pauseMs = 20; !gone; pauseMs = Math.min(100, pauseMs * 1.3)) {
      if (signal.aborted) {
        master.kill('SIGKILL');
        signal.throwIfAborted();
      }
      // The control socket comes into being when the session is authenticated, and not before.
      if (await stat(control).catch(() => undefined)) {
        return undefined;
      }
      await sleep(pauseMs);
    }
    return said || 'ssh ended';
  }
}
