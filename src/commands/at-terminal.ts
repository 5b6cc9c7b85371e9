import { once } from 'node:events';
import { UserError } from '../errors.ts';
import type { Machine } from '../machine/machine.ts';
import type { Context } from './context.ts';

/**
 * Hands this process's streams to a shell in a machine, or to a command, and its exit status on. An interruption of
 * ours (a person's Ctrl-C goes to the machine) ends it.
 */
export async function atTerminal(
  { signal, terminal, err, exit }: Context,
  machine: Machine,
  command: string | undefined,
  welcome: string,
): Promise<void> {
  if (!machine.attach) {
    throw new UserError(`cannot open a terminal in ${machine.name}: its provider has none`, { exitCode: 3 });
  }
  signal.throwIfAborted();
  if (terminal.live && command === undefined) {
    err(`${welcome}\n`);
  }
  const child = machine.attach(command);
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    signal.throwIfAborted();
    if (code === null || code === 255) {
      throw new UserError(`cannot go on in ${machine.name}: the connection to it was lost`, { exitCode: 3 });
    }
    exit(code);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
