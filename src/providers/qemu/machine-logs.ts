import { appendFile, stat, truncate } from 'node:fs/promises';
import { basename } from 'node:path';
import { diedOfHostMemory } from '../../host/console.ts';
import type { Judgement } from '../../machine/judgement.ts';
import { ConsoleLog, mostLogged } from './console-log.ts';

/** How often the sizes of logs are asked for. */
const watchMs = 1_000;

/**
 * What a machine and its QEMU write down: judged, and bounded, as a machine that floods this host's disk is ended.
 * Dispose of it when the machine is gone: what is too much is cut off.
 */
export class MachineLogs implements AsyncDisposable {
  readonly #console: ConsoleLog;
  readonly #paths: readonly string[];
  readonly #timer: NodeJS.Timeout;
  #flood: string | undefined;

  /** `end` ends what writes the logs. */
  constructor(console: string, qemuLog: string, end: () => void, everyMs = watchMs) {
    this.#console = new ConsoleLog(console);
    this.#paths = [console, qemuLog];
    this.#timer = setInterval(async () => {
      const flooded = await this.#flooded();
      if (flooded !== undefined) {
        clearInterval(this.#timer);
        this.#flood ??= `its ${basename(flooded)} came to more than ${mostLogged / 2 ** 20} MiB, so it was ended`;
        end();
      }
    }, everyMs);
    this.#timer.unref();
  }

  /** What they show, by now; `endedBy` is the signal that ended QEMU, if one did. */
  async judge(endedBy: NodeJS.Signals | null): Promise<Judgement> {
    const { slow: _, ...seen } = await this.#console.look();
    const killed = endedBy === null ? [] : [`its QEMU was ended by ${endedBy}`];
    const starved = diedOfHostMemory(this.#console.pending, endedBy) ? ['this host ran out of memory'] : [];
    const ended = this.#flood === undefined ? [...starved, ...killed] : [this.#flood];
    return { ...seen, farm: [...seen.farm, ...ended] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    for (const path of await this.#tooLong()) {
      await truncate(path, mostLogged);
      await appendFile(path, `\n[what came after the first ${mostLogged / 2 ** 20} MiB is left out]\n`);
    }
  }

  async #flooded(): Promise<string | undefined> {
    const [first] = await this.#tooLong();
    return first;
  }

  async #tooLong(): Promise<readonly string[]> {
    const sizes = await Promise.all(
      this.#paths.map((path) =>
        stat(path).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return this.#paths.filter((_path, index) => (sizes[index] ?? 0) > mostLogged);
  }
}
