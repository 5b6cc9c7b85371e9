import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeThatSays } from '../support/processes.ts';

/** What the farm may have resident, whatever its machines do. */
const mostKiB = 200 * 1024;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floods-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Ends by telling what it found out, and the most that it ever had resident. */
const tell = `
  const { readFileSync } = await import('node:fs');
  const tell = (found) => {
    const peak = Number(readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\\s+(\\d+)/)[1]);
    console.log(JSON.stringify({ ...found, peak }));
    process.exit();
  };`;

interface Told {
  readonly peak: number;
  readonly [key: string]: unknown;
}

async function toldBy(code: string): Promise<Told> {
  const { line } = await nodeThatSays(tell + code, { FOLDER: folder });
  return JSON.parse(line) as Told;
}

it('ends a machine that writes 1 GB to its console, and keeps the first 16 MiB', async () => {
  const told = await toldBy(`
    const { MachineLogs } = await import('src/providers/qemu/machine-logs.ts');
    const { spawn } = await import('node:child_process');
    const { once } = await import('node:events');
    const path = process.env.FOLDER + '/console.log';
    const machine = spawn('sh', ['-c', 'yes all work and no play | head -c 1000000000 >' + path], { detached: true });
    const logs = new MachineLogs(path, path + '.none', () => process.kill(-machine.pid, 'SIGKILL'), 5);
    const [, endedBy] = await once(machine, 'close');
    const { farm } = await logs.judge(endedBy);
    await logs[Symbol.asyncDispose]();
    tell({ farm });`);

  expect(told['farm']).toEqual(['its console.log came to more than 16 MiB, so it was ended']);
  expect((await stat(join(folder, 'console.log'))).size).toBeLessThan(16 * 2 ** 20 + 100);
  expect(told.peak).toBeLessThan(mostKiB);
});

it('ends a command that prints 1 GB, and keeps the first 4 MiB or so', async () => {
  const told = await toldBy(`
    const { guestOf } = await import('src/machine/guest.ts');
    const { Transcript } = await import('src/run/transcript.ts');
    const { spawn } = await import('node:child_process');
    const machine = {
      spawn(command, { signal }) {
        const child = spawn('/bin/sh', ['-c', command], { detached: true });
        signal.addEventListener('abort', () => process.kill(-child.pid, 'SIGKILL'));
        return child;
      },
    };
    const cuts = [];
    const transcript = new Transcript(process.env.FOLDER + '/transcript.txt');
    const { $ } = guestOf(machine, transcript.log, undefined, ({ message }) => cuts.push(message));
    const { stdout } = await $\`yes all work and no play | head -c 1000000000\`.nothrow();
    await transcript[Symbol.asyncDispose]();
    tell({ cuts, kept: stdout.length });`);

  expect(told['cuts']).toEqual([
    'cannot keep what a command prints: it came to more than 4 MiB, and was ended',
  ]);
  expect(told['kept']).toBeLessThan(5 * 2 ** 20);
  expect((await stat(join(folder, 'transcript.txt'))).size).toBeLessThan(5 * 2 ** 20);
  expect(told.peak).toBeLessThan(mostKiB);
});

it('keeps the end of what a tool prints, however much that is, with or without lines', async () => {
  const told = await toldBy(`
    const { runBound } = await import('src/host/bound-child.ts');
    const signal = new AbortController().signal;
    const script = 'yes all work | head -c 200000000; head -c 200000000 /dev/zero | tr "\\\\0" x; echo; echo the end';
    const { output } = await runBound(['sh', '-c', script], { signal });
    tell({ kept: output.length, end: output.slice(-8) });`);

  expect(told).toMatchObject({ end: 'the end\n' });
  expect(told['kept']).toBeLessThan(17 * 2 ** 20);
  expect(told.peak).toBeLessThan(mostKiB);
});

it('keeps next to nothing of a channel that is written to without an end, and still reads the answer', async () => {
  const told = await toldBy(`
    const { Channel } = await import('src/providers/qemu/channel.ts');
    const { createServer } = await import('node:net');
    const noise = Buffer.alloc(2 ** 20, 'x');
    const server = createServer((socket) => {
      socket.on('error', () => {});
      let left = 300;
      const pour = () => { while (left-- > 0) { if (!socket.write(noise)) return void socket.once('drain', pour); } };
      pour();
      socket.once('data', (asked) => {
        const [token] = String(asked).split(' ');
        const answer = () => left > 0
          ? setTimeout(answer, 10)
          : socket.write('\\n' + token + ' ' + Buffer.from('here\\n0').toString('base64') + '\\n');
        answer();
      });
    }).listen(process.env.FOLDER + '/channel');
    await new Promise((resolve) => server.once('listening', resolve));
    const channel = new Channel(process.env.FOLDER + '/channel');
    tell(await channel.ask('true', AbortSignal.timeout(60_000)));`);

  expect(told).toMatchObject({ status: 0, output: 'here' });
  expect(told.peak).toBeLessThan(mostKiB);
});
