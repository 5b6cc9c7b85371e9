import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/**
 * Starts a process that dies with this one, whatever that dies of (kill -9 included), and that a terminal's
 * Ctrl-C does not reach: it has a session of its own, and is ended by us, in order.
 */
export function spawnBound(argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...argv], { detached: true, ...options });
}

/** Kills a bound child and whatever it started that is still of its process group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in this very moment.
  }
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Milliseconds after which it is killed; the result then has the signal SIGKILL. */
  readonly limit?: number;
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a bound process to its end; resolves with both outputs in one, line by line, whatever its exit status. Rejects if it
 * can't be started, or with the signal's reason when that aborts (the process is killed first).
 */
export async function runBound(argv: readonly string[], options: RunOptions): Promise<Finished> {
  options.signal.throwIfAborted();
  const child = spawnBound(argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => killGroup(child);
  const timer = options.limit === undefined ? undefined : setTimeout(kill, options.limit);
  options.signal.addEventListener('abort', kill, { once: true });

  let output = '';
  const tell = (text: string) => {
    output += text;
    for (const line of text.split(/[\r\n]+/).filter((words) => words !== '')) {
      options.onLine?.(line);
    }
  };
  readLines(child.stdout, tell);
  readLines(child.stderr, tell);

  try {
    const { promise, resolve, reject } = Promise.withResolvers<Finished>();
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, output }));
    const finished = await promise;
    options.signal.throwIfAborted();
    return finished;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', kill);
  }
}

/** Hands whole lines on, so that two streams never meet in the middle of one; the last may lack its end. */
function readLines(stream: Readable | null, tell: (text: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    rest += chunk;
    const end = Math.max(rest.lastIndexOf('\n'), rest.lastIndexOf('\r')) + 1;
    tell(rest.slice(0, end));
    rest = rest.slice(end);
  });
  stream?.on('end', () => tell(rest));
}
