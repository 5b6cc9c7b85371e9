import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { SpawnOptions } from '../../machine/machine.ts';
import { execChild, type Running, transportStatus } from './exec-child.ts';

/** The exit status 255 is the transport's, always: a command's own 255 becomes 254. */
export const wrapper = '/bin/sh -c "$1"; s=$?; [ $s -ne 255 ] || s=254; exit $s';
/** In the environment of each command, so that it is found again. */
const mark = 'KATAFARM_COMMAND';

/**
 * Ends a command and what it started. An engine can't end what it executes: the container's own processes are gone
 * through for the one of this mark that has no parent here (proc_pid_stat(5): the fourth field), and its session is
 * ended (the sixth), as a hang-up would. What has made a session of its own, a daemon, stays.
 */
export const ending = `
fields() { read -r line < "$1/stat" || return 1; set -- \${line##*) }; parent=$2 session=$4; }
for process in /proc/[0-9]*; do
  grep -qsa "${mark}=$1" "$process/environ" && fields "$process" && [ "$parent" = 0 ] || continue
  wanted=$session
  for other in /proc/[0-9]*; do
    fields "$other" 2>/dev/null && [ "$session" = "$wanted" ] && kill -s KILL "\${other#/proc/}" 2>/dev/null
  done
done
true`;

/** Starts a command in a container, as root, by /bin/sh. */
export function execIn(
  docker: Docker,
  container: Docker.Container,
  command: string,
  options: SpawnOptions = {},
): ChildProcess {
  const { input = false, signal } = options;
  const token = randomUUID();
  let exec: Docker.Exec | undefined;

  const begin = async (): Promise<Running> => {
    exec = await container.exec({
      Cmd: ['/bin/sh', '-c', wrapper, 'sh', command],
      Env: [`${mark}=${token}`],
      AttachStdin: input,
      AttachStdout: true,
      AttachStderr: true,
    });
    const begun = exec;
    const stream = await begun.start({ hijack: true, stdin: input });
    return { stream, status: () => statusOf(container, begun) };
  };
  const end = async () => {
    for (let tries = 0; tries < 50 && exec; tries += 1) {
      await quietly(container, ['/bin/sh', '-c', ending, 'sh', token]);
      if (!(await exec.inspect()).Running) {
        return;
      }
      await sleep(100);
    }
  };
  return execChild({
    begin,
    end,
    split: (stream: Duplex, out, err) => docker.modem.demuxStream(stream, out, err),
    input,
    signal,
  });
}

/** Executes something to its end; resolves with both outputs and its exit status. Rejects where the container is gone. */
export async function quietly(
  container: Docker.Container,
  argv: readonly string[],
): Promise<{ readonly status: number; readonly output: string }> {
  const exec = await container.exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true, Tty: false });
  const stream = await exec.start({ hijack: true, stdin: false });
  const chunks: Buffer[] = [];
  const sink = { write: (chunk: Buffer) => chunks.push(chunk) } as unknown as NodeJS.WritableStream;
  container.modem.demuxStream(stream, sink, sink);
  await new Promise<void>((resolve) => {
    stream.once('end', resolve).once('close', resolve).once('error', resolve);
  });
  return { status: await statusOf(container, exec), output: Buffer.concat(chunks).toString() };
}

/** Of a command that SIGKILL ended. */
const killed = 137;

/** The engine hears of an end a little later than its outputs'. */
async function statusOf(container: Docker.Container, exec: Docker.Exec): Promise<number> {
  for (let pauseMs = 5; ; pauseMs = Math.min(200, pauseMs * 2)) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running && ExitCode !== null) {
      return ExitCode === killed && (await isOver(container)) ? transportStatus : ExitCode;
    }
    if (!(await isRunning(container))) {
      return transportStatus;
    }
    await sleep(pauseMs);
  }
}

/** What a signal ended may have ended with its container, which takes its engine a moment to see. */
async function isOver(container: Docker.Container): Promise<boolean> {
  for (let looks = 0; looks < 10; looks += 1) {
    if (!(await isRunning(container))) {
      return true;
    }
    await sleep(50);
  }
  return false;
}

export async function isRunning(container: Docker.Container): Promise<boolean> {
  return container.inspect().then(
    ({ State }) => State.Running,
    () => false,
  );
}
