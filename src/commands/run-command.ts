import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Runs a command on the host; tells each line it prints; resolves to its exit status. Rejects where it can't start. */
export type RunCommand = (
  argv: readonly string[],
  tell: (line: string) => void,
  signal: AbortSignal,
) => Promise<number>;

/** The real one. A command that a signal ended counts as 1. */
export const runCommand: RunCommand = ([file = '', ...args], tell, signal) => {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', tell);
  }

  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
};
