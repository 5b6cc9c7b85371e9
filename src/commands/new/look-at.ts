import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { UserError } from '../../errors.ts';
import { posixQuote } from '../../machine/quote.ts';

/** Runs a script on the machine that katafarm runs on. */
export function onThisMachine(script: string, signal: AbortSignal): Promise<string> {
  return outputOf(spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'], signal }), 'this machine');
}

/** Runs it where ssh leads, as the user's own configuration has it. Nobody is asked for a password. */
export async function bySsh(host: string, script: string, signal: AbortSignal): Promise<string> {
  if (host.startsWith('-')) {
    throw new UserError(`cannot reach "${host}" by ssh: say a host, as in --ssh root@box`);
  }
  const argv = ['-o', 'BatchMode=yes', '--', host, `exec sh -c ${posixQuote(script)}`];
  return await outputOf(spawn('ssh', argv, { stdio: ['ignore', 'pipe', 'pipe'], signal }), host);
}

/** What a child printed. Throws a UserError where it could not be run, or the way to the machine was lost. */
export async function outputOf(child: ChildProcess, place: string): Promise<string> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) {
    throw new TypeError('no output to read');
  }
  const ended = once(child, 'close') as Promise<[number | null]>;
  try {
    const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), ended]);
    if (code === 255 || code === null) {
      const said = err.trim().split('\n').at(-1) ?? '';
      throw new UserError(
        `cannot reach ${place}: ${said || 'the connection was lost'}; try ssh ${place} true`,
        {
          exitCode: 3,
        },
      );
    }
    return out;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UserError(
        `cannot look at ${place}: there is no ssh here; katafarm doctor says how to get it`,
        {
          exitCode: 3,
          cause,
        },
      );
    }
    throw cause;
  }
}
