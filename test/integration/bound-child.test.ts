import { describe, expect, it } from 'vitest';
import { runBound } from '../../src/host/bound-child.ts';
import { nodeThatSays, runs, until } from '../support/processes.ts';

const never = new AbortController().signal;

/** A shell that tells its own pid and that of a child of its own, and then waits for it. */
const family = ['sh', '-c', 'sleep 60 & echo "$$ $!"; wait'];

/** Runs a family; resolves once both are up, with their pids. */
async function startFamily(options: { signal: AbortSignal; limit?: number }) {
  const { promise: pids, resolve } = Promise.withResolvers<readonly number[]>();
  const ended = runBound(family, { ...options, onLine: (line) => resolve(line.split(' ').map(Number)) });
  ended.catch(() => {});
  return { pids: await pids, ended };
}

describe('a bound process', () => {
  it('dies when its parent is killed by SIGKILL', async () => {
    const { child, line } = await nodeThatSays(`
      import { spawnBound } from 'src/host/bound-child.ts';
      const sleeper = spawnBound(['sleep', '60'], { stdio: 'ignore' });
      setTimeout(() => console.log(sleeper.pid), 300);
    `);
    expect(runs(Number(line))).toBe(true);

    child.kill('SIGKILL');

    await until('the sleep is gone', () => !runs(Number(line)), 1_000);
  });

  it('tells its lines as they come, and both outputs at its end', async () => {
    const lines: string[] = [];
    const finished = await runBound(['sh', '-c', 'echo one; echo two >&2; printf three; exit 7'], {
      signal: never,
      onLine: (line) => lines.push(line),
    });

    expect(finished).toMatchObject({ code: 7, signal: null });
    expect(finished.output).toMatch(/^(one\ntwo\n|two\none\n)three$/);
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
  });

  it('keeps the lines of both outputs whole', async () => {
    const script = 'printf on; printf t >&2; sleep 0.1; echo e; printf "wö" >&2; sleep 0.1; echo >&2';
    const lines: string[] = [];
    await runBound(['sh', '-c', script], { signal: never, onLine: (line) => lines.push(line) });

    expect(lines).toEqual(['one', 'twö']);
  });

  it('cannot be started where there is no such program', async () => {
    await expect(runBound(['setpriv-finds-no-such-program'], { signal: never })).resolves.toMatchObject({
      code: 127,
    });
  });
});

describe('a bound process and all that it started', () => {
  it('end when the signal aborts, with its reason', async () => {
    const stop = new AbortController();
    const { pids, ended } = await startFamily({ signal: stop.signal });

    stop.abort(new Error('the run is over'));

    await until('both are gone', () => !pids.some(runs), 1_000);
    await expect(ended).rejects.toThrow('the run is over');
  });

  it('end at a limit, by SIGKILL', async () => {
    const { pids, ended } = await startFamily({ signal: never, limit: 300 });

    await until('both are gone', () => !pids.some(runs), 2_000);
    expect(await ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('never start when the signal has aborted before', async () => {
    await expect(runBound(family, { signal: AbortSignal.abort('SIGINT') })).rejects.toBe('SIGINT');
  });

  it('are out of reach of a terminal’s Ctrl-C: they have a process group of their own', async () => {
    const finished = await runBound(['sh', '-c', 'ps -o pgid= -p $$ | tr -d " "; echo $$'], {
      signal: never,
    });
    const [group, pid] = finished.output.trim().split('\n');

    expect(group).toBe(pid);
  });
});

describe('a bound process that should be making progress', () => {
  const patience = { seconds: 0.6, what: "debian-13's image to be built" };

  it('ends when it gives no sign of life, with the last that it said', async () => {
    const ended = runBound(['sh', '-c', 'echo downloading; sleep 60'], { signal: never, stall: patience });

    await expect(ended).rejects.toMatchObject({
      name: 'LimitReached',
      message: "cannot wait any longer than 1 s for debian-13's image to be built; seen last: downloading",
    });
  });

  it('may take as long as it likes while it, or a child of a child of its, reads or writes', async () => {
    const slow = 'for n in 1 2 3 4 5 6 7 8 9; do echo $n >/dev/null; sleep 0.2; done';
    const finished = await runBound(['sh', '-c', `sh -c '${slow}'; echo done`], {
      signal: never,
      stall: patience,
    });

    expect(finished).toEqual({ code: 0, signal: null, output: 'done\n' });
  });
});
