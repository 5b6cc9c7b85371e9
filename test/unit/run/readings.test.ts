import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import { historyOf } from '../../../src/domain/history.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { collect, type Ended, facilitiesFile } from '../../../src/run/collect.ts';
import type { Diagnostics } from '../../../src/run/diagnostics.ts';
import type { Bench } from '../../../src/run/experiment.ts';
import type { Farm } from '../../../src/run/farm.ts';
import { triesOf } from '../../../src/run/tries.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readings-'));
});
afterEach(() => rm(folder, { recursive: true }));

const facilities = 'echo "disk \'full\' $((1 + 1))"';
const diagnostics = {
  facilities: () => facilities,
  readingsIn: (text: string) => (text === '' ? [] : [{ facility: 'disk', ok: false, said: text.trim() }]),
} as unknown as Diagnostics;
const boot = cellOf('debian-13', 'host', 'host.boot');
const red: Outcome = { status: 'failed', message: 'the system is degraded' };

describe("a failed machine's facilities", () => {
  const collected = async (change: Partial<Ended>): Promise<string | undefined> => {
    const machine = {
      name: 'm',
      answers: async () => true,
      judge: async () => ({ fatal: [], farm: [] }),
      spawn: (command: string) => spawn('/bin/sh', ['-c', command], { env: { PATH: process.env['PATH'] } }),
    } as unknown as Machine;
    const farm = { diagnostics, signal: new AbortController().signal } as unknown as Farm;
    const own = {
      ...{ cell: boot, outcome: red, folder, cold: true, confirms: true },
      factor: 1,
      awakeMs: 0,
    };
    await collect(farm, machine, { ...own, ...change }, { say() {} });
    const names = await readdir(folder);
    return names.includes(facilitiesFile) ? await readFile(join(folder, facilitiesFile), 'utf8') : undefined;
  };

  it('are read where another machine like it would take a boot', async () => {
    expect(await collected({})).toBe("disk 'full' 2\n");
  });

  it.for<[string, Partial<Ended>]>([
    ['of which a clone can be had', { cold: false }],
    ['that failed for the first time', { confirms: false }],
    [
      'that says nothing of the release',
      { outcome: { status: 'errored', phase: 'execute', message: 'lost' } },
    ],
    ["which a scenario of Kata's has used", { cell: cellOf('debian-13', 'qemu', 'kata.uname-cold') }],
    ['in which a container has run', { cell: cellOf('debian-13', 'runc', 'control.runc') }],
  ])('are not read of one %s', async ([, change]) => {
    expect(await collected(change)).toBeUndefined();
  });
});

describe('the facilities of a failed cell', () => {
  /** Who asks for a machine here has it refused. */
  async function tried(attempts: Readonly<Record<string, string>>) {
    let asked = 0;
    for (const [attempt, text] of Object.entries(attempts)) {
      const own = join(folder, 'cells', boot.id, attempt);
      await mkdir(own, { recursive: true });
      await writeFile(join(own, facilitiesFile), text);
    }
    const use = async () => {
      asked += 1;
      throw new Error('no machine');
    };
    const farm = {
      ...{ folder, slots: { use }, watcher: { said() {} }, signal: new AbortController().signal },
      scenarios: new Map(),
      history: historyOf([]),
    } as unknown as Farm;
    const speed = { class: 'tcg+svm', accelerator: 'tcg', factor: 1, because: '' };
    const batch = { id: 'debian-13/qemu:built', memoryMiB: 64, cells: [] };
    const work = { batch, cell: boot, boots: true, speed, digest: 'd', start: async () => ({}) };
    const bench = { work, diagnostics } as unknown as Bench;
    const red = { status: 'failed', step: 's', message: 'm' } as const;
    const tryOut = await triesOf(farm, 'debian-13/qemu:built', boot.id, red, bench, new Map());
    return { trial: await tryOut({ kind: 'facilities' }), asked: () => asked };
  }

  it('are those of the machine that failed last, where they were read', async () => {
    const { trial, asked } = await tried({ 2: 'of the second', 10: 'of the tenth' });

    expect(trial).toEqual({
      experiment: { kind: 'facilities' },
      readings: [{ facility: 'disk', ok: false, said: 'of the tenth' }],
      folder: `cells/${boot.id}/10`,
      ms: 0,
    });
    expect(asked()).toBe(0);
  });

  it.for([
    ['was read', {}],
    ['can be made out', { 2: '' }],
  ] as const)('take a machine of their own where nothing %s', async ([, attempts]) => {
    const { trial, asked } = await tried(attempts);

    expect(asked()).toBeGreaterThan(0);
    expect(trial.readings).toBeUndefined();
    expect(trial.outcome).toMatchObject({ status: 'errored' });
  });
});
