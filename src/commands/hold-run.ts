import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UserError } from '../errors.ts';

/** Of flock(1), where another process has it. */
const taken = 75;

/**
 * Holds a run's journal against another farm that would go on with it. The kernel's own lock, so it is let go however
 * this process ends. Throws a UserError where somebody is at it.
 */
export async function holdRun(journal: string): Promise<AsyncDisposable> {
  const flock = ['flock', '--no-fork', '--nonblock', '--conflict-exit-code', String(taken), journal];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...flock, 'sh', '-c', 'echo held; exec cat'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const held = once(child.stdout, 'data').then(() => undefined);
  const ended = await Promise.race([held, closed]);

  if (ended) {
    const [code] = ended as [number | null];
    throw code === taken
      ? new UserError(`cannot go on with ${journal}: another katafarm is at it`)
      : new Error(`cannot lock ${journal}: flock ended with ${code}`);
  }
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await closed;
    },
  };
}
