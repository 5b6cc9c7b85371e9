import { once } from 'node:events';
import type { Tell } from '../../machine/machine.ts';
import { spawnBound } from './bound-child.ts';

/**
 * Holds a lock file against other processes of this host, waiting for whoever holds it. The kernel's own lock, by
 * flock(1), so it is let go however this process ends. Dispose of what it returns to let go.
 */
export async function lock(path: string, tell: Tell, signal: AbortSignal): Promise<AsyncDisposable> {
  const child = spawnBound(['flock', '--no-fork', path, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const patience = setTimeout(() => tell('waiting for another katafarm that is at the same work'), 500);

  try {
    const held = once(child.stdout as NodeJS.ReadableStream, 'data', { signal });
    const failed = once(child, 'close').then(([code]) => {
      throw new Error(`cannot lock ${path}: flock ended with ${code}`);
    });
    await Promise.race([held, failed]);
    failed.catch(() => {});
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(patience);
  }

  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const closed = once(child, 'close');
        child.stdin?.end();
        await closed;
      }
    },
  };
}
