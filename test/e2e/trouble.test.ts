import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheOf } from '../../src/commands/provider-options.ts';
import type { CellId } from '../../src/domain/cell.ts';
import type { Result } from '../../src/domain/result.ts';
import type { Run } from '../../src/domain/run.ts';
import { type Ended, farm, leftBehind, root, runIn } from '../support/farm.ts';
import { type Trouble, troubleFolder } from './trouble.ts';

/** What the farm may have resident, whatever its machines do. */
const mostResidentKiB = 200 * 1024;

const cache = cacheOf({ env: process.env, cwd: root });
const argv = ['run', 'debian-13', '--yes', '--kata', 'none'];

/** The most that a process ever had resident; 0: it is gone. */
function peakKiB(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmHWM:\s+(\d+)/m)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Pids of the QEMUs whose name holds these words. */
function machinesNamed(words: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const [program = '', ...rest] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return program.includes('qemu-system') && rest.some((word) => word.includes(words));
      } catch {
        return false;
      }
    })
    .map(Number);
}

interface Watched extends Ended {
  readonly peakKiB: number;
}

/** Runs the farm; takes note of its memory, and kills machines of this name when they are ready for it. */
async function watched(words: readonly string[], victims = 'no machine'): Promise<Watched> {
  let pid = 0;
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakKiB(pid));
    for (const victim of machinesNamed(victims)) {
      if (isReady(pid)) {
        process.kill(victim, 'SIGKILL');
      }
    }
  }, 500);
  const out = await mkdtemp(join(tmpdir(), 'trouble-runs-'));
  const isReady = (_farm: number) => readyIn(out);
  try {
    const ended = await farm([...argv, ...words], { KATAFARM_OUT: out }, (_said, farms) => {
      pid = farms;
    });
    process.stderr.write(`the farm had ${Math.round(peak / 1024)} MiB resident at most\n`);
    return { ...ended, peakKiB: peak };
  } finally {
    clearInterval(look);
  }
}

/** Whether the last attempt at the cell that is to be killed says so. */
function readyIn(out: string): boolean {
  try {
    const [run = ''] = readdirSync(out);
    const cell = join(out, run, 'cells/debian-13/host/host.trouble.killed');
    const last = readdirSync(cell).toSorted().at(-1) ?? '';
    return readFileSync(join(cell, last, 'transcript.txt'), 'utf8').includes('\nready to be killed');
  } catch {
    return false;
  }
}

describe('machines of debian-13 that get into trouble', () => {
  let ended: Watched;
  let run: Run;

  const resultOf = (name: Trouble, stack: 'host' | 'qemu' = 'host'): Result | undefined =>
    run.results.get(`debian-13/${stack}/host.trouble.${name}` as CellId);

  beforeAll(async () => {
    const folder = await troubleFolder();
    const folders = ['--scenarios', join(root, 'scenarios'), '--scenarios', folder];
    const meant = ['--scenario', 'host.trouble.*', '--scenario', 'control.runc', '--jobs', '1'];
    ended = await watched([...folders, ...meant], 'host.trouble.killed');
    run = await runIn(ended.folder);
  });

  it('have a control that passes', () => {
    expect(run.results.get('debian-13/runc/control.runc')?.outcome?.status).toBe('passed');
  });

  it('fail with class hang where a step never ends, and everything else is as quick as ever', () => {
    expect(resultOf('hang')).toMatchObject({
      outcome: {
        status: 'failed',
        step: 'wait for what never comes',
        class: 'hang',
        message: expect.stringContaining('seen last: waiting for a train'),
        detail: expect.stringMatching(/control\.runc passed in [\d.]+ s \([\d.]+ s as a cell of its own\)/),
      },
      attempts: [{ outcome: { class: 'hang' } }, { outcome: { class: 'hang' } }],
      timings: { clone: expect.any(Number), execute: expect.any(Number), diagnose: expect.any(Number) },
    });
  });

  it('fail by the part that has ended under a step', () => {
    expect(resultOf('gone', 'qemu')?.outcome).toMatchObject({
      status: 'failed',
      class: 'qemu-exited',
      detail: expect.stringMatching(/process \d+ \(.*qemu-system.*\) ran \d+ s into the step/),
    });
  });

  it('fail with the panic where the kernel panics, on both clones', () => {
    expect(resultOf('panic')).toMatchObject({
      outcome: { status: 'failed', message: expect.stringContaining('Kernel panic - not syncing') },
      attempts: [{ outcome: { status: 'failed' } }, { outcome: { status: 'failed' } }],
    });
  });

  it('are lost, and no verdict, where they answer nothing any more', () => {
    expect(resultOf('frozen')?.outcome).toMatchObject({
      status: 'errored',
      message: 'the machine was lost at "take every processor for good"',
    });
  });

  it('are lost, and no verdict, where their QEMU is killed', () => {
    expect(resultOf('killed')?.outcome).toMatchObject({
      status: 'errored',
      message: expect.stringMatching(
        /^the machine was lost at "wait to be killed": .*its QEMU was ended by SIGKILL/,
      ),
    });
  });

  it('have a command ended that prints 1 GB', async () => {
    expect(resultOf('output')?.outcome).toMatchObject({
      status: 'errored',
      message: expect.stringContaining('it came to more than 4 MiB, and was ended'),
    });
    expect(await longest('output', 'transcript.txt')).toBeLessThan(6 * 2 ** 20);
  });

  it('are ended where they write 1 GB to their console', async () => {
    expect(resultOf('console')?.outcome).toMatchObject({
      status: 'errored',
      message: expect.stringContaining('its console.log came to more than 16 MiB, so it was ended'),
    });
    expect(await longest('console', 'console.log')).toBeLessThan(17 * 2 ** 20);
  });

  it('may have clocks that jump', () => {
    const clock = resultOf('clock');
    expect(clock?.outcome).toEqual({ status: 'passed' });
    expect(clock?.ms).toBeGreaterThan(0);
    expect(clock?.ms).toBeLessThan(3_600_000);
  });

  it('make the run exit 1, leave nothing, and the farm below 200 MB', async () => {
    expect(ended.code).toBe(1);
    expect(await leftBehind(cache, run.id)).toEqual([]);
    expect(ended.peakKiB).toBeGreaterThan(0);
    expect(ended.peakKiB).toBeLessThan(mostResidentKiB);
  });

  /** Bytes of the longest such file that the cell's attempts left. */
  async function longest(name: Trouble, file: string): Promise<number> {
    const cell = join(ended.folder ?? '', 'cells/debian-13/host', `host.trouble.${name}`);
    const attempts = await readdir(cell);
    const sizes = await Promise.all(attempts.map(async (one) => (await stat(join(cell, one, file))).size));
    return Math.max(...sizes);
  }
});

describe('a machine whose SSH accepts and says nothing', () => {
  it('is no verdict: the clone is at its limit, and the message says what the port does', async () => {
    const script = join(await mkdtemp(join(tmpdir(), 'mute-')), 'mute.sh');
    await writeFile(script, 'kill -STOP "$(systemctl show --property MainPID --value ssh)"\n');

    const ended = await watched(['--scenario', 'host.cpu', '--prepare', script]);

    const run = await runIn(ended.folder);
    expect(run.results.get('debian-13/host/host.cpu')?.outcome).toMatchObject({
      status: 'errored',
      phase: 'clone',
      message: expect.stringMatching(/for SSH of .*its port accepts, and nothing is said there/),
    });
    expect(ended.code).toBe(3);
    expect(ended.out).toContain('its port accepts, and nothing is said there');
    expect(await readFile(join(ended.folder ?? '', 'junit.xml'), 'utf8')).not.toContain('<failure');
    expect(ended.peakKiB).toBeLessThan(mostResidentKiB);
  });
});
