import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { byHandScript } from './by-hand-script.ts';
import { childCpu } from './child-cpu.ts';
import type { FarmRun } from './farm-run.ts';
import type { Row } from './row.ts';

/**
 * The same machines and the same commands in them, by a shell script for each machine and `xargs` to run as many at
 * once as the farm did; against the run that they were taken from. Files come into `folder` and, disks, into the cache.
 */
export async function byHand(
  {
    root,
    cache,
    folder,
    signal,
  }: Readonly<Record<'root' | 'cache' | 'folder', string>> & { readonly signal: AbortSignal },
  run: FarmRun,
): Promise<readonly Row[]> {
  const large = await mkdtemp(join(cache, 'bench-'));
  try {
    const scripts = await writeScripts(run, join(root, 'bench/talk.pl'), folder, large);
    const jobs = atOnce(run);
    const late = AbortSignal.timeout(Math.ceil(3 * run.seconds + 120) * 1000);
    const either = AbortSignal.any([signal, late]);
    either.throwIfAborted();
    const before = childCpu();
    const started = performance.now();
    const child = spawn('xargs', ['-P', String(jobs), '-n', '1', 'sh'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    const end = () => process.kill(-(child.pid ?? 0), 'SIGTERM');
    either.addEventListener('abort', end, { once: true });
    child.stdin.end(`${scripts.join('\n')}\n`);
    const [code] = (await once(child, 'close')) as [number | null];
    either.removeEventListener('abort', end);
    signal.throwIfAborted();
    if (code !== 0) {
      const why = late.aborted ? 'it took more than three times as long as the farm: ' : '';
      throw new Error(`cannot do it by hand: ${why}${await complaint(scripts)}`);
    }
    const seconds = (performance.now() - started) / 1000;
    const cpu = childCpu() - before;

    return [
      {
        what: `a run: ${scripts.length} machines, ${jobs} at once`,
        figure: run.seconds,
        unit: 's',
        against: `by hand: ${seconds.toFixed(1)} s`,
        ratio: run.seconds / seconds,
        limit: 'at most 1.05',
      },
      {
        what: 'CPU of that run, machines and all',
        figure: run.allCpu,
        unit: 's',
        against: `by hand: ${cpu.toFixed(1)} s`,
        ratio: run.allCpu / cpu,
      },
    ];
  } finally {
    await rm(large, { recursive: true, force: true });
  }
}

async function writeScripts(
  { entries, calls }: FarmRun,
  talk: string,
  folder: string,
  large: string,
): Promise<readonly string[]> {
  const started = entries.filter((entry) => entry.type === 'machine-started');
  if (started.some(({ cell }) => cell === undefined)) {
    throw new Error('cannot do it by hand: this run made its template itself; the cache keeps none');
  }

  return Promise.all(
    started.map(async ({ machine, argv }, index) => {
      const small = join(folder, String(index));
      await mkdir(small, { recursive: true });
      const file = join(small, 'machine.sh');
      const around = { talk, small, large: join(large, String(index)), now: new Date() };
      await writeFile(file, byHandScript({ name: machine, argv, calls }, around));
      return file;
    }),
  );
}

/** The last words of the first machine whose script did not come to its end. */
async function complaint(scripts: readonly string[]): Promise<string> {
  for (const script of scripts) {
    const said = await readFile(join(dirname(script), 'said.txt'), 'utf8').catch(() => '');
    const done = await access(join(dirname(script), 'done')).then(
      () => true,
      () => false,
    );
    if (!done) {
      return `${said.trim().split('\n').slice(-3).join('; ') || 'a script said nothing'}`;
    }
  }
  return 'xargs could not start the scripts';
}

/** How many of a run's cells had a machine at the same time. */
export function atOnce({ entries }: Pick<FarmRun, 'entries'>): number {
  let now = 0;
  let most = 1;
  for (const { type } of entries) {
    now += type === 'cell-started' ? 1 : 0;
    now -= type === 'attempt-ended' ? 1 : 0;
    most = Math.max(most, now);
  }
  return most;
}
