import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { LimitReached } from '../machine/limit.ts';
import { activityOf } from './activity.ts';

/** As much as is kept of what a process prints: its end. */
const mostKept = 8 * 2 ** 20;
/** As much of a line as is waited for; a longer one is handed on in parts. */
const longestLine = 64 * 2 ** 10;

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
  /** It is killed when it has given no sign of life, not a line and not a byte read or written, for so long. */
  readonly stall?: Stall;
}

export interface Stall {
  readonly seconds: number;
  /** What is waited for, in words. */
  readonly what: string;
}

/**
 * Runs a bound process to its end; resolves with both outputs in one, line by line, whatever its exit status. Rejects if it
 * can't be started, or when the signal aborts (with its reason) or the process stalls (with a LimitReached): it is killed first.
 */
export async function runBound(argv: readonly string[], options: RunOptions): Promise<Finished> {
  options.signal.throwIfAborted();
  const child = spawnBound(argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => killGroup(child);
  const timer = options.limit === undefined ? undefined : setTimeout(kill, options.limit);
  options.signal.addEventListener('abort', kill, { once: true });

  const output: Buffer[] = [];
  let length = 0;
  const tell = (bytes: Buffer) => {
    output.push(bytes);
    for (length += bytes.length; length > mostKept && output.length > 1; ) {
      length -= output.shift()?.length ?? 0;
    }
    for (const line of options.onLine ? linesOf(bytes) : []) {
      options.onLine?.(line);
    }
  };
  const stalled = new AbortController();
  const watch =
    options.stall &&
    watchLife(child, options.stall, ({ seconds, what }) => {
      stalled.abort(new LimitReached(what, seconds, linesOf(Buffer.concat(output.slice(-10))).at(-1)));
      kill();
    });
  const ends = [readLines(child.stdout, tell), readLines(child.stderr, tell)];

  try {
    const { promise, resolve, reject } = Promise.withResolvers<Finished>();
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const end of ends) {
        end();
      }
      resolve({ code, signal, output: Buffer.concat(output).toString() });
    });
    const finished = await promise;
    options.signal.throwIfAborted();
    stalled.signal.throwIfAborted();
    return finished;
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    options.signal.removeEventListener('abort', kill);
  }
}

const linesOf = (bytes: Buffer) =>
  bytes
    .toString()
    .split(/[\r\n]+/)
    .filter((words) => words !== '');

/**
 * Hands whole lines on, so that two streams never meet in the middle of one. The last may lack its end: it is told by what
 * this returns, once neither stream has any more.
 */
function readLines(stream: Readable | null, tell: (bytes: Buffer) => void): () => void {
  let rest: readonly Buffer[] = [];
  let length = 0;
  stream?.on('data', (chunk: Buffer) => {
    const whole = Math.max(chunk.lastIndexOf('\n'), chunk.lastIndexOf('\r')) + 1;
    length += chunk.length;
    if (whole === 0 && length <= longestLine) {
      rest = [...rest, chunk];
      return;
    }
    // Nothing is copied but what has to be in one piece: a tool may print more than this process may hold.
    const end = whole === 0 ? chunk.length : whole;
    const told = chunk.subarray(0, end);
    tell(rest.length > 0 ? Buffer.concat([...rest, told]) : told);
    rest = end < chunk.length ? [Buffer.from(chunk.subarray(end))] : [];
    length = chunk.length - end;
  });
  return () => tell(Buffer.concat(rest));
}

/** Tells once, when a process has stood still for as long as is given. */
function watchLife({ pid = 0 }: ChildProcess, stall: Stall, tell: (stall: Stall) => void): NodeJS.Timeout {
  const everyMs = Math.min(10_000, (stall.seconds * 1000) / 4);
  let before: number | undefined;
  let since = performance.now();
  const watch = setInterval(async () => {
    const bytes = await activityOf(pid).catch(() => undefined);
    if (bytes === undefined || bytes !== before) {
      before = bytes;
      since = performance.now();
    } else if (performance.now() - since >= stall.seconds * 1000) {
      clearInterval(watch);
      tell(stall);
    }
  }, everyMs);
  return watch;
}
