import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Tell } from '../../machine/machine.ts';

/** What flock is told to end with where another has the lock. */
const taken = 76;

/**
 * Holds a lock file against other processes of this host, by flock(1): it is let go however its holder ends. The file
 * stays. Waits for whoever has it, and says so.
 */
export async function holdLock(path: string, tell: Tell, signal: AbortSignal): Promise<AsyncDisposable> {
  return await waitFor(path, [], tell, signal);
}

/** The same, waiting for nobody; undefined where another has it. */
export function tryLock(path: string, signal: AbortSignal): Promise<AsyncDisposable | undefined> {
  return flock(path, ['--nonblock', '--conflict-exit-code', String(taken)], signal);
}

/**
 * Holds a lock file together with others who share it, until this process ends, for which the lock is no reason to go on.
 * Waits for whoever has it alone, and says so. Dispose of it to let go earlier.
 */
export async function shareLock(path: string, tell: Tell, signal: AbortSignal): Promise<AsyncDisposable> {
  const held = await waitFor(path, ['--shared'], tell, signal);
  held.unref();
  return held;
}

async function waitFor(
  path: string,
  options: readonly string[],
  tell: Tell,
  signal: AbortSignal,
): Promise<Held> {
  const patience = setTimeout(() => tell('waiting for another katafarm that is at the same Kata'), 500);
  try {
    const held = await flock(path, options, signal);
    if (!held) {
      throw new Error(`cannot lock ${path}: flock(1) of util-linux ended at once`);
    }
    return held;
  } finally {
    clearTimeout(patience);
  }
}

interface Held extends AsyncDisposable {
  /** From now on the event loop does not wait for it. */
  unref(): void;
}

async function flock(
  path: string,
  options: readonly string[],
  signal: AbortSignal,
): Promise<Held | undefined> {
  signal.throwIfAborted();
  const argv = ['--pdeathsig', 'KILL', '--', 'flock', '--no-fork', ...options, path];
  // A session of its own: a terminal's Ctrl-C ends us in order, and us alone.
  const child = spawn('setpriv', [...argv, 'sh', '-c', 'echo held; exec cat'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  closed.catch(() => {});

  try {
    const held = once(child.stdout, 'data', { signal }).then(() => true);
    held.catch(() => {});
    if (!(await Promise.race([held, closed.then(() => false)]))) {
      return undefined;
    }
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }

  return {
    unref() {
      for (const handle of [child, child.stdin as Socket, child.stdout as Socket]) {
        handle.unref();
      }
    },
    async [Symbol.asyncDispose]() {
      child.ref();
      child.stdin.end();
      await closed;
    },
  };
}
