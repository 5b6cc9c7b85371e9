import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killGroup, spawnBound } from '../../host/bound-child.ts';
import { untilAborted } from '../../machine/limit.ts';
import { Qmp } from './qmp.ts';

export interface QemuStart {
  /** The whole command line, the program first. */
  readonly argv: readonly string[];
  /** A folder that is there already; the control socket comes into being in it. */
  readonly sockets: string;
  readonly logs: string;
  readonly signal: AbortSignal;
}

/** How long QEMU may take to make its control socket, however busy the host. */
const dialSeconds = 60;

/** A QEMU that runs, and its control socket. */
export class QemuProcess implements AsyncDisposable {
  readonly qmp: Qmp;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, qmp: Qmp) {
    this.#child = child;
    this.qmp = qmp;
  }

  /** Resolves when QEMU answers on its control socket: the guest has not said anything yet. */
  static async start({ argv, sockets, logs, signal }: QemuStart): Promise<QemuProcess> {
    await mkdir(logs, { recursive: true });
    const file = join(logs, 'qemu.log');
    const log = openSync(file, 'w');
    const child = spawnBound(argv, { stdio: ['ignore', log, log] });
    closeSync(log);
    try {
      return new QemuProcess(child, await dial(join(sockets, 'qmp'), child, file, signal));
    } catch (error) {
      killGroup(child);
      throw error;
    }
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The signal that ended it, if one did. */
  get endedBy(): NodeJS.Signals | null {
    return this.#child.signalCode;
  }

  /** A signal that aborts when the process ends; dispose of it when it is of no more use. */
  whileRunning(error: () => Error): Disposable & { readonly signal: AbortSignal } {
    const over = new AbortController();
    const lost = () => over.abort(error());
    this.#child.once('close', lost);
    if (this.ended) {
      lost();
    }
    return { signal: over.signal, [Symbol.dispose]: () => void this.#child.removeListener('close', lost) };
  }

  /** Ends it at once. */
  kill(): void {
    killGroup(this.#child);
  }

  /** Ends it by its own hand, or by ours after a while; resolves when it is gone. */
  async quit(): Promise<void> {
    if (this.ended) {
      return;
    }
    const closed = once(this.#child, 'close');
    this.qmp.execute('quit').catch(() => {});
    const patience = setTimeout(() => killGroup(this.#child), 3_000);
    await closed;
    clearTimeout(patience);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing in a machine that is let go is worth an orderly end.
    const closed = this.ended ? undefined : once(this.#child, 'close');
    killGroup(this.#child);
    await closed;
    this.qmp[Symbol.dispose]();
  }
}

/** QEMU makes its socket in its own time, or ends and says why in its log. */
async function dial(path: string, child: ChildProcess, log: string, signal: AbortSignal): Promise<Qmp> {
  const until = performance.now() + dialSeconds * 1000;
  let spawnError: Error | undefined;
  child.once('error', (error) => {
    spawnError = error;
  });

  for (;;) {
    signal.throwIfAborted();
    try {
      return await untilAborted(Qmp.connect(path), signal);
    } catch (error) {
      const ended = spawnError ?? (child.exitCode !== null || child.signalCode !== null);
      if (ended || performance.now() > until) {
        const said = await readFile(log, 'utf8').catch(() => '');
        const end = child.exitCode ?? child.signalCode ?? `no answer in ${dialSeconds} s`;
        throw new Error(`cannot start QEMU: ${said.trim() || end}`, { cause: spawnError ?? error });
      }
      await sleep(20);
    }
  }
}
