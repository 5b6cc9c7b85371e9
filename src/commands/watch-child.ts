import { spawn } from 'node:child_process';

/** A katafarm that was started by this one. */
export interface RunningChild {
  /** Resolves when it has ended, however that was. */
  readonly ended: Promise<void>;
  /** Asks it to end in order; once is enough, and more does nothing. */
  readonly stop: (signal: NodeJS.Signals) => void;
}

/**
 * Starts this katafarm with another command line, its output on our streams. It is in a session of its own, so that a
 * Ctrl-C reaches it once, through us: a second one would end it without order. If we die, it ends.
 */
export function startAgain(argv: readonly string[]): RunningChild {
  const [node, program = ''] = process.argv;
  const command = [
    ...['--pdeathsig', 'TERM', '--'],
    node ?? process.execPath,
    ...process.execArgv,
    program,
    ...argv,
  ];
  const child = spawn('setpriv', command, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('error', () => resolve());
  child.once('close', () => resolve());
  let isStopped = false;

  return {
    ended: promise,
    stop: (signal) => {
      if (!isStopped) {
        isStopped = true;
        child.kill(signal);
      }
    },
  };
}
