import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '../src/domain/entry.ts';
import { parseJournal } from '../src/journal/parse.ts';
import { childCpu } from './child-cpu.ts';

/** A program that the farm called: its name and arguments, and a file of what it was fed. */
export interface Call {
  readonly argv: readonly string[];
  readonly input: string;
}

/** What a run of the farm took. Times are seconds. */
export interface FarmRun {
  readonly seconds: number;
  /** CPU of the farm's own process. */
  readonly ownCpu: number;
  readonly peakMiB: number;
  /** CPU of the whole run, machines and all. */
  readonly allCpu: number;
  readonly entries: readonly Entry[];
  /** In the order in which they were made. */
  readonly calls: readonly Call[];
}

/** Runs the farm as a person would, and writes down beside it what it calls. `folder` is new, and holds all of it. */
export async function farmRun(
  root: string,
  folder: string,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<FarmRun> {
  const [out, calls, bin] = [join(folder, 'runs'), join(folder, 'calls'), join(folder, 'bin')];
  const ownCpu = join(folder, 'own-cpu.json');
  await Promise.all([out, calls, bin].map((path) => mkdir(path, { recursive: true })));
  for (const name of ['ssh', 'qemu-img']) {
    await symlink(join(root, 'bench/record.sh'), join(bin, name));
  }

  const before = childCpu();
  const started = performance.now();
  const child = spawn(join(root, 'katafarm'), ['run', ...argv, '--out', out], {
    cwd: root,
    env: {
      ...process.env,
      PATH: `${bin}:${process.env['PATH']}`,
      NODE_OPTIONS: `--import ${join(root, 'bench/own-cpu.ts')}`,
      KATAFARM_BENCH_OWN_CPU: ownCpu,
      KATAFARM_BENCH_CALLS: calls,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
    process.stderr.write(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = (performance.now() - started) / 1000;
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  // A cell that failed is a run like any other.
  if (code !== 0 && code !== 1) {
    throw new Error(`cannot measure a run: katafarm ended with ${code}: ${said.trim().split('\n').at(-1)}`);
  }

  const [run = ''] = await readdir(out);
  const own = JSON.parse(await readFile(ownCpu, 'utf8'));
  return {
    seconds,
    ownCpu: own.seconds,
    peakMiB: own.peakMiB,
    allCpu: childCpu() - before,
    entries: parseJournal(await readFile(join(out, run, 'journal.jsonl'), 'utf8')),
    calls: await callsIn(calls),
  };
}

async function callsIn(folder: string): Promise<readonly Call[]> {
  const calls = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = join(folder, name, 'argv');
      const { mtimeNs } = await stat(file, { bigint: true });
      const argv = (await readFile(file, 'utf8')).split('\0').slice(0, -1);
      return { at: mtimeNs, argv, input: join(folder, name, 'input') };
    }),
  );
  return calls.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}
