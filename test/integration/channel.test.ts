import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelPort } from '../../src/providers/qemu/argv.ts';
import { Channel, channelScript } from '../../src/providers/qemu/channel.ts';
import { type SocketServer, serveLines } from '../support/socket-server.ts';

const soon = () => AbortSignal.timeout(10_000);

let machine: ChildProcessWithoutNullStreams;
let line: SocketServer;
let channel: Channel;

/** The very script of the machines, on a terminal in raw mode in place of a virtio port. */
beforeEach(async () => {
  const script = channelScript.replaceAll(`/dev/virtio-ports/${channelPort}`, '/dev/tty');
  const inTerminal = ['-qec', `stty raw -echo; exec sh -c "$CHANNEL"`, '/dev/null'];
  machine = spawn('script', inTerminal, { env: { ...process.env, CHANNEL: script, SHELL: '/bin/sh' } });
  let host: Socket | undefined;
  machine.stdout.on('data', (chunk: Buffer) => host?.write(chunk));
  line = await serveLines(
    (text) => machine.stdin.write(`${text}\n`),
    (socket) => {
      host = socket;
    },
  );
  // What comes before the terminal is raw would be echoed.
  await new Promise((resolve) => setTimeout(resolve, 300));
  channel = new Channel(line.path);
});

afterEach(async () => {
  channel[Symbol.dispose]();
  machine.kill('SIGKILL');
  await line[Symbol.asyncDispose]();
});

describe("the channel's loop in a machine", () => {
  it('answers with both outputs and the exit status', async () => {
    expect(await channel.ask('echo out; echo err >&2; exit 3', soon())).toEqual({
      output: 'out\nerr\n',
      status: 3,
    });
  });

  it('answers one command after the other, in a shell of its own each', async () => {
    expect(await channel.ask('cd /tmp; secret=1; pwd', soon())).toMatchObject({ output: '/tmp\n' });
    expect(await channel.ask('echo "[$secret]"; pwd', soon())).not.toMatchObject({ output: '[1]\n/tmp\n' });
  });

  it('takes scripts of many lines, with quotes, and umlauts', async () => {
    const script = `for word in "it's" 'two words' "ä"; do\n  printf '%s\\n' "$word"\ndone`;

    expect(await channel.ask(script, soon())).toEqual({ output: "it's\ntwo words\nä\n", status: 0 });
  });

  it('outlives a command that reads its input or breaks its own shell', async () => {
    await channel.ask('cat; kill -9 $$', soon());
    await channel.ask('if then', soon());

    expect(await channel.ask('true', soon())).toEqual({ output: '', status: 0 });
  });

  it('gives a long answer whole', async () => {
    const license = await readFile(new URL('../../LICENSE', import.meta.url), 'utf8');
    const { output } = await channel.ask(
      `cat '${new URL('../../LICENSE', import.meta.url).pathname}'`,
      soon(),
    );

    expect(output).toBe(license);
  });
});
