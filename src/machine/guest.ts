import { type Options, type Shell, $ as zx } from 'zx';
import type { Machine } from './machine.ts';
import { posixQuote } from './quote.ts';

/** A machine as a scenario sees it. */
export interface Guest extends Pick<Machine, 'reboot'> {
  /** Copies a file of the farm's host to the machine; its permissions go with it. */
  push(local: string, remote: string): Promise<void>;
  pull(remote: string, local: string): Promise<void>;
  /**
   * zx's `$` on the machine, as root, by `/bin/sh -eu`: `await $\`uname -r\`.text()`. Arguments are quoted.
   * Never use its `timeout` or `kill` here: `step` carries the limit.
   */
  readonly $: Shell;
}

/** Binds zx's `$` to a machine: the same template and output, on another computer. `signal` is asked at each start. */
export function guestOf(
  machine: Machine,
  log: NonNullable<Options['log']>,
  signal: () => AbortSignal | undefined = () => undefined,
): Guest {
  const spawn = (command: string) => machine.spawn(command, { signal: signal() });

  return {
    $: zx({
      shell: '/bin/sh',
      prefix: 'set -eu; ',
      quote: posixQuote,
      verbose: true,
      log,
      spawn: spawn as unknown as NonNullable<Options['spawn']>,
    }),
    push: (local, remote) => machine.push(local, remote, signal()),
    pull: (remote, local) => machine.pull(remote, local, signal()),
    reboot: () => machine.reboot(),
  };
}
