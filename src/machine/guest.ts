import type { ChildProcess } from 'node:child_process';
import { type Options, ProcessPromise, type Shell, $ as zx } from 'zx';
import { OutputFlood } from './faults.ts';
import { untilAborted } from './limit.ts';
import type { Machine } from './machine.ts';
import { posixQuote } from './quote.ts';

/**
 * As much as one command may print, both outputs together: all of it is kept in memory until the command has ended.
 * The longest seen so far, `ctr plugins ls` and a nested guest's console, are below 100 KiB.
 */
export const mostOutput = 4 * 2 ** 20;

/** A machine as a scenario sees it. */
export interface Guest {
  /** Copies a file of the farm's host to the machine; its permissions go with it. */
  push(local: string, remote: string): Promise<void>;
  pull(remote: string, local: string): Promise<void>;
  /** Restarts it; resolves when it answers again. */
  reboot(): Promise<void>;
  /**
   * zx's `$` on the machine, as root, by `/bin/sh -eu`: `await $\`uname -r\`.text()`. Arguments are quoted.
   * Never use its `timeout` or `kill` here: `step` carries the limit.
   */
  readonly $: Shell;
}

/**
 * Binds zx's `$` to a machine: the same template and output, on another computer. `signal` is asked at each start.
 * `cut` is told why a command was ended by us: its signal's reason, or that it printed too much.
 */
export function guestOf(
  machine: Machine,
  log: NonNullable<Options['log']>,
  signal: () => AbortSignal | undefined = () => undefined,
  cut: (reason: Error) => void = () => {},
): Guest {
  const spawn = (command: string): ChildProcess => {
    const flood = new AbortController();
    const limit = signal();
    const child = machine.spawn(command, {
      signal: limit ? AbortSignal.any([limit, flood.signal]) : flood.signal,
    });
    const stop = () => cut(limit?.reason);
    limit?.addEventListener('abort', stop, { once: true });
    child.once('close', () => limit?.removeEventListener('abort', stop));
    onFlood(child, (error) => {
      cut(error);
      flood.abort(error);
    });
    return child;
  };
  const limited = async (work: (limit: AbortSignal | undefined) => Promise<void>) => {
    const limit = signal();
    await (limit ? untilAborted(work(limit), limit) : work(limit));
  };

  const shell = zx({
    shell: '/bin/sh',
    prefix: 'set -eu; ',
    quote: posixQuote,
    verbose: true,
    log,
    spawn: spawn as unknown as NonNullable<Options['spawn']>,
  });
  return {
    $: forgiving(shell),
    push: (local, remote) => limited((limit) => machine.push(local, remote, limit)),
    pull: (remote, local) => limited((limit) => machine.pull(remote, local, limit)),
    reboot: () => limited((limit) => machine.reboot(limit)),
  };
}

/** A command that nobody waits for may fail, or be ended with its scenario: that must not end this process. */
function forgiving(shell: Shell): Shell {
  return new Proxy(shell, {
    apply(target, self, given) {
      const made: unknown = Reflect.apply(target, self, given);
      if (made instanceof ProcessPromise) {
        made.catch(() => {});
        return made;
      }
      return typeof made === 'function' ? forgiving(made as Shell) : made;
    },
  });
}

function onFlood({ stdout, stderr }: ChildProcess, tell: (error: OutputFlood) => void): void {
  let bytes = 0;
  const count = (chunk: Buffer) => {
    const before = bytes;
    bytes += chunk.length;
    if (bytes > mostOutput && before <= mostOutput) {
      tell(new OutputFlood(mostOutput));
    }
  };
  stdout?.on('data', count);
  stderr?.on('data', count);
}
