import { setTimeout as sleep } from 'node:timers/promises';
import type { Cell } from '../domain/cell.ts';
import { isPackaged } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import { type Part, stackOf } from '../domain/stack.ts';
import { oneLine } from '../domain/text.ts';
import { guestOf } from '../machine/guest.ts';
import type { Machine } from '../machine/machine.ts';
import type { LoadedScenario } from '../scenario.ts';

/** Parts that run for as long as a VM does: that one is gone says why a step waits for ever. In the order of blame. */
const lasting: readonly Part[] = ['qemu', 'cloud-hypervisor', 'firecracker', 'virtiofsd'];

/** A process of a part's own program (/proc/PID/exe). */
export interface Running {
  readonly part: Part;
  readonly pid: number;
  readonly command: string;
}

/** What ran so many seconds into a step. */
export interface Sample {
  readonly seconds: number;
  readonly running: readonly Running[];
}

/** Asked at these shares of a step's limit: most steps are over by the first, and are not disturbed at all. */
const shares = [1 / 8, 1 / 4, 1 / 2, 3 / 4];

/** Asks a machine which programs of a scenario's parts run, while a step takes long and once it has run into its limit. */
export class PartWatch {
  readonly #machine: Machine;
  readonly #programs: readonly string[];
  #samples: Sample[] = [];

  constructor(machine: Machine, distro: Distro, cell: Cell, scenario: LoadedScenario) {
    const meant = new Set([...(scenario.needs.parts ?? []), ...stackOf(cell.stack).parts]);
    this.#machine = machine;
    this.#programs = lasting.flatMap((part) => {
      const claim = distro.parts[part];
      return meant.has(part) && isPackaged(claim) ? [`${part}=${claim.path}`] : [];
    });
  }

  /** Of the step that is under way, or was last. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** Samples a step with a limit of so many seconds, until it is over or disposed of. */
  during(seconds: number, signal: AbortSignal): Disposable {
    const over = new AbortController();
    this.#samples = [];
    if (this.#programs.length > 0) {
      // What can't be asked now is asked again later, or not known.
      this.#sample(seconds, AbortSignal.any([signal, over.signal])).catch(() => {});
    }
    return { [Symbol.dispose]: () => over.abort() };
  }

  /** What runs now. Rejects when the signal aborts, or where the machine does not answer. */
  async now(signal: AbortSignal): Promise<readonly Running[]> {
    if (this.#programs.length === 0) {
      return [];
    }
    const { $ } = guestOf(
      this.#machine,
      () => {},
      () => signal,
    );
    return runningIn(
      await $`listing=$(ls -l /proc/[0-9]*/exe 2>/dev/null || true)
      for part in ${this.#programs}; do
        program=$(readlink -f "\${part#*=}" || true)
        printf '%s\\n' "$listing" | while IFS= read -r line; do
          case $line in *"/exe -> $program" | *"/exe -> $program (deleted)")
            pid=\${line%/exe -> *}
            pid=\${pid##*/}
            printf '%s %s ' "\${part%%=*}" "$pid"
            { tr '\\0\\n' '  ' <"/proc/$pid/cmdline" | cut -c1-2000; } 2>/dev/null || true
            echo ;;
          esac
        done
      done`.text(),
    );
  }

  async #sample(seconds: number, signal: AbortSignal): Promise<void> {
    const started = performance.now();
    const past = () => (performance.now() - started) / 1000;
    for (const share of shares) {
      await sleep(Math.max(0, seconds * share - past()) * 1000, undefined, { signal, ref: false });
      const running = await this.now(signal).catch(() => undefined);
      signal.throwIfAborted();
      if (running) {
        this.#samples = [...this.#samples, { seconds: past(), running }];
      }
    }
  }
}

/** Reads `PART PID COMMAND` lines. */
export function runningIn(text: string): readonly Running[] {
  return text.split('\n').flatMap((line) => {
    const [, name, pid, command = ''] = /^([a-z-]+) (\d+) (.*)$/.exec(line) ?? [];
    const part = lasting.find((one) => one === name);
    return part === undefined ? [] : [{ part, pid: Number(pid), command: oneLine(command, 200) }];
  });
}

/** A call that asks a program what it is, and ends by itself. */
const question = /(^| )(-h|-?-help|-?-version|-V|help|\?|--print-capabilities)( |$)/;

export interface Gone {
  readonly part: Part;
  /** Where it was seen, in words. */
  readonly because: string;
}

/** Parts that had a process earlier in the step, and have none at its limit. */
export function goneSince(samples: readonly Sample[], now: readonly Running[]): readonly Gone[] {
  return lasting.flatMap((part) => {
    if (now.some((one) => one.part === part)) {
      return [];
    }
    const sightings = samples.flatMap(({ seconds, running }) =>
      running
        .filter((one) => one.part === part && !question.test(one.command))
        .map(({ pid, command }) => ({ seconds, pid, command })),
    );
    const last = sightings.at(-1);
    if (!last) {
      return [];
    }
    const because = `process ${last.pid} (${last.command}) ran ${Math.round(last.seconds)} s into the step, and no ${part} runs at its limit`;
    return [{ part, because }];
  });
}
