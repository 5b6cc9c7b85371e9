import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import type Docker from 'dockerode';
import { wrapper } from './exec.ts';
import { execChild } from './exec-child.ts';

/** A login shell; its exit status is mapped as a command's. */
const loginShell = 'exec "$(command -v bash || command -v sh)" -l';

/**
 * A login shell, or a command, on this process's own streams. A person's terminal is handed on whole: keys go to the
 * container, Ctrl-C among them, and its size follows. Where a stream is a pipe or file, bytes pass as they are.
 */
export function attachTo(docker: Docker, container: Docker.Container, command = loginShell): ChildProcess {
  const { stdin, stdout, stderr } = process;
  const isTerminal = [0, 1, 2].every((stream) => isatty(stream));
  const resize = (exec: Docker.Exec) =>
    void exec.resize({ h: stdout.rows, w: stdout.columns }).catch(() => {});
  let after = () => {};

  const child = execChild({
    input: false,
    async begin() {
      const exec = await container.exec({
        Cmd: ['/bin/sh', '-c', wrapper, 'sh', command],
        ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: isTerminal },
        ...(isTerminal && { Env: ['TERM=xterm-256color'] }),
      });
      const stream = await exec.start({ hijack: true, stdin: true, Tty: isTerminal });
      const follow = () => resize(exec);
      if (isTerminal) {
        stdin.setRawMode(true);
        stdout.on('resize', follow);
        follow();
      }
      stdin.pipe(stream);
      after = () => {
        stdin.unpipe(stream);
        stdin.pause();
        stdout.removeListener('resize', follow);
        if (isTerminal) {
          stdin.setRawMode(false);
        }
      };
      return { stream, status: () => statusOf(exec) };
    },
    // Its terminal goes with the connection, which hangs its shell up.
    end: async () => {},
    split: (stream: Duplex) => {
      if (isTerminal) {
        stream.on('data', (chunk: Buffer) => stdout.write(chunk));
      } else {
        docker.modem.demuxStream(stream, stdout, stderr);
      }
    },
  });
  child.once('exit', () => after());
  return child;
}

async function statusOf(exec: Docker.Exec): Promise<number> {
  for (;;) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running && ExitCode !== null) {
      return ExitCode;
    }
    await sleep(20);
  }
}
