import { once } from 'node:events';
import { access, rm } from 'node:fs/promises';
import type { Tell } from '../machine/machine.ts';
import { spawnBound } from './bound-child.ts';

/** The kernel's own lock, by flock(1), so it is let go however its holder ends. Dispose of it to let go. */
export type Held = AsyncDisposable;

/** What flock is told to end with: another holds it; the file was removed or replaced while we waited. */
const taken = 76;
const gone = 75;
/** Of flock(1) itself: there is no such file or folder (EX_NOINPUT of sysexits.h). */
const missing = 66;

/** A lock on a file that is no longer at its path keeps nobody out: whoever comes now locks another. */
const script = `for fd in /proc/$$/fd/*; do [ ! "$fd" -ef "$0" ] || { echo held; exec cat; }; done; exit ${gone}`;

/**
 * Holds a lock file against other processes of this host, waiting for whoever holds it. The file comes and goes with
 * the lock.
 */
export async function lock(path: string, tell: Tell, signal: AbortSignal): Promise<Held> {
  const patience = setTimeout(() => tell('waiting for another katafarm that is at the same work'), 500);
  try {
    const held = await persistently(path, signal);
    return {
      async [Symbol.asyncDispose]() {
        await rm(path, { force: true });
        await held[Symbol.asyncDispose]();
      },
    };
  } finally {
    clearTimeout(patience);
  }
}

async function persistently(path: string, signal: AbortSignal): Promise<Held> {
  for (;;) {
    const held = await flock([], path, signal);
    if (typeof held !== 'number') {
      return held;
    }
    if (held !== gone) {
      throw new Error(`cannot lock ${path}: flock ended with ${held}`);
    }
  }
}

/** Holds a file that is there together with others who use it; undefined where it is gone. */
export function share(path: string, signal: AbortSignal): Promise<Held | undefined> {
  return ifThere(path, ['--shared'], signal);
}

/** Holds a file that is there alone; undefined where anybody holds it, or it is gone. Waits for nobody. */
export function seize(path: string, signal: AbortSignal): Promise<Held | undefined> {
  return ifThere(path, ['--nonblock', '--conflict-exit-code', String(taken)], signal);
}

async function ifThere(
  path: string,
  options: readonly string[],
  signal: AbortSignal,
): Promise<Held | undefined> {
  // flock would make the file.
  if (!(await isThere(path))) {
    return undefined;
  }
  const held = await flock(options, path, signal);
  if (typeof held !== 'number') {
    return held;
  }
  if (held === taken || held === gone || held === missing) {
    return undefined;
  }
  throw new Error(`cannot lock ${path}: flock ended with ${held}`);
}

/** Whether there is anything at a path. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Resolves with the lock, or with the exit status of whoever could not have it. */
async function flock(options: readonly string[], path: string, signal: AbortSignal): Promise<Held | number> {
  signal.throwIfAborted();
  const child = spawnBound(['flock', '--no-fork', ...options, path, 'sh', '-c', script, path], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin?.on('error', () => {});
  const over = new AbortController();

  try {
    const any = AbortSignal.any([signal, over.signal]);
    const held = once(child.stdout as NodeJS.ReadableStream, 'data', { signal: any }).then(
      () => 'held' as const,
    );
    const ended = once(child, 'close', { signal: any }).then(([code]) => (code as number | null) ?? -1);
    held.catch(() => {});
    ended.catch(() => {});
    const first = await Promise.race([held, ended]);
    if (first !== 'held') {
      return first;
    }
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    over.abort();
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
