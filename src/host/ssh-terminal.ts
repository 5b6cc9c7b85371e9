import { type ChildProcess, spawn } from 'node:child_process';
import { isatty } from 'node:tty';
import { posixQuote } from '../machine/quote.ts';

/** The exit status 255 of a session is ssh's own, always: a command's 255 becomes 254. */
export function remoteCommand(command: string): string {
  return `/bin/sh -c ${posixQuote(command)}; s=$?; [ $s -ne 255 ] || s=254; exit $s`;
}

/** A login shell, its exit status mapped alike; one that a signal ended has a status as well. */
export const remoteShell = '"$SHELL" -l; s=$?; [ $s -ne 255 ] || s=254; exit $s';

/**
 * Starts an ssh that has this process's own streams. A person's terminal is handed on whole: keys go to the machine,
 * Ctrl-C among them, and its size follows. Where a stream is a pipe or file, bytes pass as they are. Not of a session
 * of its own, as other children are: it would not hear that a window changed. It lets go of the terminal when we die.
 */
export function spawnHere(ssh: readonly string[], rest: readonly string[]): ChildProcess {
  const terminal = [0, 1, 2].every((stream) => isatty(stream)) ? '-t' : '-T';
  return spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...ssh, terminal, ...rest], { stdio: 'inherit' });
}
