import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Entry, Note } from '../../../src/domain/entry.ts';
import { historyOf } from '../../../src/domain/history.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import { offersOf } from '../../../src/plan/offers.ts';
import { plan } from '../../../src/plan/plan.ts';
import { runPlan } from '../../../src/run/run-plan.ts';
import type { LoadedScenario, Scenario } from '../../../src/scenario.ts';
import { distroLike, scenarioLike } from '../../support/domain.ts';
import { type FakeOptions, type FakeProvider, fakeProvider } from '../../support/fake-provider.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const doing = (
  id: ScenarioId,
  run: Scenario['run'],
  change: Partial<LoadedScenario> = {},
): LoadedScenario => ({
  ...scenarioLike(id),
  run,
  ...change,
});

interface Ran {
  readonly run: Run;
  readonly provider: FakeProvider;
  readonly folder: string;
}

async function farm(
  scenarios: readonly LoadedScenario[],
  {
    signal = new AbortController().signal,
    jobs = 2,
    ...fake
  }: FakeOptions & { signal?: AbortSignal; jobs?: number } = {},
): Promise<Ran> {
  const provider = await fakeProvider(fake);
  const distros = [distroLike()];
  const planned = plan({ distros, scenarios, providers: offersOf([provider], distros), katas: [] });
  const folder = await mkdtemp(join(tmpdir(), 'run-plan-'));
  folders.push(folder);
  const at = '2026-01-02T03:04:05.000Z';
  const begin: Note = {
    type: 'run-started',
    v: 1,
    run: 'r',
    host: {},
    plan: planned,
    distros: [],
    command: [],
    modified: [],
  };
  const entries: Entry[] = [{ at, ...begin } as Entry];
  await runPlan({
    run: 'r',
    folder,
    plan: planned,
    distros,
    scenarios,
    katas: new Map(),
    providers: [provider],
    capacity: { availableMiB: () => 16_384, gapMs: 0, jobs },
    history: historyOf([]),
    keep: 'never',
    retries: 1,
    pauseMs: 1,
    record: async (note) => void entries.push({ at, ...note } as Entry),
    watcher: { noted() {}, began() {}, said() {}, heard() {} },
    signal,
  });
  return { run: replay(entries), provider, folder };
}

const outcomes = ({ run }: Ran) =>
  Object.fromEntries([...run.results].map(([id, { outcome }]) => [id, outcome?.status]));

it('gives each cell a clone of its own, and lets go of every machine', async () => {
  const ran = await farm([
    doing('host.cpu', async ({ guest: { $ } }) => void (await $`test ! -e mess; echo mess > mess`)),
    doing('host.kvm', async ({ guest: { $ } }) => void (await $`test ! -e mess; echo mess > mess`)),
  ]);

  expect(outcomes(ran)).toEqual({ 'debian-13/host/host.cpu': 'passed', 'debian-13/host/host.kvm': 'passed' });
  expect(ran.provider.running.size).toBe(0);
});

it('keeps a machine until its scenario has ended', async () => {
  const ran = await farm([
    doing('host.cpu', async ({ step, guest: { $ } }) => {
      await step('wait', () => $`sleep 0.3; echo still here`);
    }),
  ]);

  const ends = ran.provider.deeds.filter((deed) => deed.includes('host.cpu'));
  expect(ends.map((deed) => deed.split(' ')[0])).toEqual(['clone', 'end']);
  expect(outcomes(ran)).toEqual({ 'debian-13/host/host.cpu': 'passed' });
});

it('confirms a red on a second clone, and names the step and what the command said', async () => {
  const ran = await farm([
    doing('vmm.qemu.boot', async ({ step, guest: { $ } }) => {
      await step('boot', () => $`echo could not access KVM kernel module >&2; exit 1`);
    }),
  ]);

  const result = ran.run.results.get('debian-13/host/vmm.qemu.boot');
  expect(result?.attempts.length).toBe(2);
  expect(result?.outcome).toMatchObject({
    status: 'failed',
    step: 'boot',
    message: 'could not access KVM kernel module (a command ended with 1)',
  });
});

it("never blames the distro for a machine that is lost: that is the farm's", async () => {
  const ran = await farm([doing('host.cpu', async ({ guest: { $ } }) => void (await $`true`))], {
    lost: (name) => name.includes('host.cpu'),
  });

  expect(ran.run.results.get('debian-13/host/host.cpu')?.outcome).toMatchObject({
    status: 'errored',
    message: 'the machine was lost',
  });
});

it("calls a connection that broke the farm's trouble, though the machine still answers", async () => {
  const ran = await farm([
    doing('host.cpu', async ({ guest: { $ } }) => {
      await $`kill -9 $$`;
    }),
  ]);

  expect(ran.run.results.get('debian-13/host/host.cpu')?.outcome).toMatchObject({
    status: 'errored',
    message: 'the connection to the machine was lost',
  });
});

it('blocks what rests on a control that failed', async () => {
  const ran = await farm([
    doing('host.kvm', async () => {
      throw new Error('no KVM');
    }),
    doing('vmm.qemu.boot', async () => {}, { restsOn: ['host.kvm'] }),
  ]);

  expect(ran.run.results.get('debian-13/host/vmm.qemu.boot')?.outcome).toEqual({
    status: 'blocked',
    by: 'debian-13/host/host.kvm',
  });
});

it('does not blame a distro where the host offers no nested virtualisation', async () => {
  const needs = { devices: ['/dev/kvm'] };
  const ran = await farm([doing('host.kvm', async () => {}, { needs }), doing('host.cpu', async () => {})], {
    devices: ['/dev/kvm'],
    speed: { class: 'kvm', accelerator: 'kvm', factor: 1, because: 'a guest came up, without vmx' },
  });

  expect(outcomes(ran)).toEqual({
    'debian-13/host/host.kvm': 'errored',
    'debian-13/host/host.cpu': 'passed',
  });
});

it("gives no verdict on a nested guest's boot where the emulator lets such a guest panic by itself", async () => {
  const needs = { devices: ['/dev/kvm'], parts: ['kernel'] } as const;
  const ran = await farm(
    [
      doing('vmm.qemu.boot', async ({ guest: { $ } }) => void (await $`exit 1`), { needs }),
      doing('host.kvm', async ({ guest: { $ } }) => void (await $`exit 1`), {
        needs: { devices: ['/dev/kvm'] },
      }),
    ],
    { devices: ['/dev/kvm'], proof: { nested: false, panicked: true, said: 'Kernel panic' } },
  );

  expect(outcomes(ran)).toEqual({
    'debian-13/host/vmm.qemu.boot': 'errored',
    'debian-13/host/host.kvm': 'failed',
  });
});

it('says of every cell that an image could not be built', async () => {
  const ran = await farm([doing('host.cpu', async () => {}), doing('host.kvm', async () => {})], {
    faults: { image: { error: new Error('cannot reach the mirror'), times: 9 } },
  });

  expect([...ran.run.results.values()].map(({ outcome }) => outcome)).toEqual(
    Array(2).fill({ status: 'errored', phase: 'image', message: 'cannot reach the mirror' }),
  );
});

it('boots every cell by itself where a machine cannot be frozen', async () => {
  const ran = await farm([doing('host.cpu', async () => {})], {
    faults: { freeze: { error: new Error('cannot freeze'), times: 9 } },
  });

  expect(outcomes(ran)).toEqual({ 'debian-13/host/host.cpu': 'passed' });
  expect(ran.provider.deeds).toContain('boot debian-13-host-host.cpu-1');
});

it('tries again when a clone could not be had', async () => {
  const ran = await farm([doing('host.cpu', async () => {})], {
    faults: { clone: { error: new Error('no memory just now'), times: 1 } },
  });

  expect(ran.run.results.get('debian-13/host/host.cpu')).toMatchObject({
    outcome: { status: 'passed' },
    attempts: [{ outcome: { status: 'errored', phase: 'clone' } }, { outcome: { status: 'passed' } }],
  });
});

it("calls a step at its limit the farm's own trouble, and says what it waited for", async () => {
  const ran = await farm([
    doing(
      'host.cpu',
      async ({ step, guest: { $ } }) => void (await step('wait for ever', () => $`sleep 600`, 0.2)),
    ),
  ]);

  expect(ran.run.results.get('debian-13/host/host.cpu')?.outcome).toMatchObject({
    status: 'errored',
    message: expect.stringContaining('"wait for ever"'),
  });
});

it('ends machines, writes no verdict and says why when it is interrupted', async () => {
  const stop = new AbortController();
  const ran = await farm(
    [
      doing('host.cpu', async ({ step, guest: { $ } }) => {
        setTimeout(() => stop.abort('SIGINT'), 200);
        await step('hang', () => $`sleep 600`);
      }),
    ],
    { signal: stop.signal },
  );

  expect(ran.run.interrupted).toBe('SIGINT');
  expect(ran.run.results.get('debian-13/host/host.cpu')?.outcome).toBeUndefined();
  expect(ran.provider.running.size).toBe(0);
});

it('keeps a transcript of commands, output and facts for each attempt', async () => {
  const ran = await farm([
    doing('host.cpu', async ({ step, fact, guest: { $ } }) => {
      await step('look', () => $`echo svm`);
      await fact('flag', 'svm');
    }),
  ]);

  const [file = ''] = ran.run.results.get('debian-13/host/host.cpu')?.files ?? [];
  const text = await readFile(join(ran.folder, file), 'utf8');
  expect(file).toBe('cells/debian-13/host/host.cpu/1/transcript.txt');
  expect(text).toMatch(/-- look\n.*echo svm\nsvm\n.*fact flag: svm/s);
});

it('tries one cell of a release first, and the others not at all where that one has no machine', async () => {
  const cells = ['host.cpu', 'host.devices', 'host.kvm', 'host.limits'] as const;
  const ran = await farm(
    cells.map((id) => doing(id, async () => {})),
    { faults: { clone: { error: new Error('no memory'), times: 2 } } },
  );

  expect(outcomes(ran)).toEqual(Object.fromEntries(cells.map((id) => [`debian-13/host/${id}`, 'errored'])));
  const started = [...ran.run.results].filter(([, { attempts }]) => attempts.length > 0);
  expect(started.map(([id]) => id)).toEqual(['debian-13/host/host.cpu']);
  expect(ran.run.results.get('debian-13/host/host.kvm')?.outcome).toMatchObject({
    message: 'not tried, as debian-13/host/host.cpu had no machine: no memory',
  });
});

it('runs on where the first cell of a release is red: that may be its own affair', async () => {
  const cells = ['host.cpu', 'host.devices', 'host.kvm', 'host.limits'] as const;
  const ran = await farm(
    cells.map((id) =>
      doing(id, async () => {
        if (id === 'host.cpu') {
          throw new Error('no svm');
        }
      }),
    ),
  );

  expect(Object.values(outcomes(ran)).toSorted()).toEqual(['failed', 'passed', 'passed', 'passed']);
});

it.each(['image', 'boot'] as const)(
  'tries again where the %s could not be had the first time',
  async (deed) => {
    const ran = await farm([doing('host.cpu', async () => {})], {
      faults: { [deed]: { error: new Error('the disk is gone bad'), times: 1 } },
    });

    expect(outcomes(ran)).toEqual({ 'debian-13/host/host.cpu': 'passed' });
  },
);

it('says what was in the way of a whole release when trying again did not help', async () => {
  const ran = await farm([doing('host.cpu', async () => {})], {
    faults: { image: { error: new Error('no mirror'), times: 2 } },
  });

  expect(ran.run.results.get('debian-13/host/host.cpu')?.outcome).toMatchObject({
    status: 'errored',
    phase: 'image',
    message: 'no mirror',
  });
});

it('blocks a boot from power-on that rests on a clone, though boots are begun first', async () => {
  const ran = await farm([
    doing('host.kvm', async () => {
      throw new Error('no kvm');
    }),
    doing('host.boot', async () => {}, { machine: 'cold', restsOn: ['host.kvm'] }),
  ]);

  expect(outcomes(ran)).toEqual({
    'debian-13/host/host.kvm': 'failed',
    'debian-13/host/host.boot': 'blocked',
  });
});

it('does not count the time that a cell waited for its turn', async () => {
  const slow = async () => void (await new Promise((resolve) => setTimeout(resolve, 300)));
  const cells = ['host.cpu', 'host.devices'] as const;
  const ran = await farm(
    cells.map((id) => doing(id, slow)),
    { jobs: 1 },
  );

  const uncounted = [...ran.run.results.values()].map(({ ms, attempts }) => ms - (attempts[0]?.ms ?? 0));
  expect(uncounted.every((ms) => ms < 250)).toBe(true);
});
