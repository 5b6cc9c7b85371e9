import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { historyOf } from '../../../src/domain/history.ts';
import type { KataBuild } from '../../../src/domain/kata.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import type { InstallSite, KataInstaller } from '../../../src/install/install-kata.ts';
import { offersOf } from '../../../src/plan/offers.ts';
import { plan } from '../../../src/plan/plan.ts';
import { runPlan } from '../../../src/run/run-plan.ts';
import type { LoadedScenario, Scenario } from '../../../src/scenario.ts';
import { distroLike, scenarioLike } from '../../support/domain.ts';
import { type FakeOptions, type FakeProvider, fakeProvider } from '../../support/fake-provider.ts';

const folders: string[] = [];
const providers = new Set<FakeProvider>();
afterAll(async () => {
  await Promise.all([...providers].map((provider) => provider[Symbol.asyncDispose]()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

interface FakeKata extends KataInstaller {
  /** Of each installation. */
  readonly sites: readonly InstallSite[];
}

/** A Kata that is a file with its label in it; a broken one says why it can't be put into a machine, that many times. */
function kataLike(label?: string, broken?: string, times = 99): FakeKata {
  const sites: InstallSite[] = [];
  const build: KataBuild = {
    ...(label !== undefined && { label }),
    ...{ source: `dir:/${label ?? 'first'}`, version: '4.1.0', digest: label ?? 'first', trust: 'local' },
    ...{ runtimes: ['rust'], pieces: ['shim', 'kernel', 'image'], replaced: [] },
  };
  return {
    build,
    sites,
    keyOf: () => `kata ${build.digest}`,
    async install({ $ }, site) {
      sites.push(site);
      if (broken !== undefined && sites.length <= times) {
        throw new Error(broken);
      }
      await $`echo ${label ?? 'first'} >>kata`;
    },
  };
}

const doing = (
  id: ScenarioId,
  run: Scenario['run'],
  change: Partial<LoadedScenario> = {},
): LoadedScenario => ({ ...scenarioLike(id, { on: ['qemu'] }), run, ...change });

/** A scenario that records which Katas it finds in its machine, and leaves a mess. */
const looks = (id: ScenarioId, change: Partial<LoadedScenario> = {}) =>
  doing(
    id,
    async ({ guest: { $ }, fact }) => {
      await fact('found', (await $`cat kata 2>/dev/null || echo none; echo mess >>kata`.text()).trim());
    },
    change,
  );

interface Setting extends FakeOptions {
  readonly katas: readonly KataInstaller[];
  /** One that had runs before this. */
  readonly provider?: FakeProvider;
}

async function farm(
  scenarios: readonly LoadedScenario[],
  { katas, provider: had, ...fake }: Setting,
): Promise<{ readonly run: Run; readonly provider: FakeProvider; readonly folder: string }> {
  const provider = had ?? (await fakeProvider(fake));
  providers.add(provider);
  const distros = [distroLike()];
  const builds = katas.map(({ build }) => build);
  const planned = plan({ distros, scenarios, providers: offersOf([provider], distros), katas: builds });
  const folder = await mkdtemp(join(tmpdir(), 'kata-cells-'));
  folders.push(folder);
  const at = '2026-01-02T03:04:05.000Z';
  const entries: Entry[] = [
    {
      ...{ at, type: 'run-started', v: 1, run: 'r', host: {}, plan: planned },
      ...{ distros: [], command: [], modified: [] },
    },
  ];
  await runPlan({
    ...{ run: 'r', folder, plan: planned, distros, scenarios },
    // A run lets go of its provider; what that has stored is there for the next.
    providers: [{ ...provider, [Symbol.asyncDispose]: async () => {} }],
    katas: new Map(katas.map((kata) => [kata.build.label ?? '', kata])),
    capacity: { availableMiB: () => 16_384, gapMs: 0, jobs: 2 },
    history: historyOf([]),
    keep: 'never',
    retries: 1,
    pauseMs: 1,
    record: async (note) => void entries.push({ at, ...note } as Entry),
    watcher: { noted() {}, began() {}, said() {}, heard() {} },
    signal: new AbortController().signal,
  });
  return { run: replay(entries), provider, folder };
}

const found = ({ run }: { readonly run: Run }) =>
  Object.fromEntries([...run.results].map(([id, { facts }]) => [id, facts['found']]));

const outcomes = ({ run }: { readonly run: Run }) =>
  Object.fromEntries([...run.results].map(([id, { outcome }]) => [id, outcome?.status]));

describe("a cell of Kata's", () => {
  it('has that Kata in its machine, put there once for all of them, and nothing of its siblings', async () => {
    const kata = kataLike();

    const ran = await farm([looks('kata.uname'), looks('kata.lifecycle'), looks('vmm.qemu.boot')], {
      katas: [kata],
    });

    expect(found(ran)).toEqual({
      'debian-13/qemu/kata.uname': 'first',
      'debian-13/qemu/kata.lifecycle': 'first',
      'debian-13/qemu/vmm.qemu.boot': 'none',
    });
    expect(kata.sites).toHaveLength(1);
    expect(ran.provider.running.size).toBe(0);
  });

  it('is a cell for each of several Katas, by its label, each with its own alone', async () => {
    const ran = await farm([looks('kata.uname')], { katas: [kataLike(), kataLike('next'), kataLike('old')] });

    expect(found(ran)).toEqual({
      'debian-13/qemu/kata.uname': 'first',
      'debian-13/qemu~next/kata.uname': 'next',
      'debian-13/qemu~old/kata.uname': 'old',
    });
  });

  it("is the farm's trouble where its Kata can't be put into a machine, and leaves all others alone", async () => {
    const broken = kataLike('broken', 'tar: short read');

    const ran = await farm([looks('kata.uname'), looks('kata.lifecycle'), looks('vmm.qemu.boot')], {
      katas: [kataLike(), broken],
    });

    const trouble = {
      ...{ status: 'errored', phase: 'prepare' },
      message: expect.stringMatching(/^cannot put Kata into .*: tar: short read$/),
    };
    expect(ran.run.results.get('debian-13/qemu~broken/kata.uname')?.outcome).toMatchObject(trouble);
    expect(ran.run.results.get('debian-13/qemu~broken/kata.lifecycle')?.outcome).toMatchObject(trouble);
    expect(outcomes(ran)).toMatchObject({
      'debian-13/qemu/kata.uname': 'passed',
      'debian-13/qemu/kata.lifecycle': 'passed',
      'debian-13/qemu/vmm.qemu.boot': 'passed',
    });
    expect(broken.sites).toHaveLength(2);
    expect(ran.provider.running.size).toBe(0);
  });

  it('is run where its Kata could be put into a machine at the second try; of each try there is evidence', async () => {
    const ran = await farm([looks('kata.uname')], { katas: [kataLike(undefined, 'no route to host', 1)] });

    expect(outcomes(ran)).toEqual({ 'debian-13/qemu/kata.uname': 'passed' });
    const files = await readdir(join(ran.folder, 'machines'), { recursive: true });
    expect(
      files
        .filter((file) => file.endsWith('.txt'))
        .map((file) => basename(file))
        .sort(),
    ).toEqual([expect.stringMatching(/^kata-of-.*-2\.txt$/), expect.stringMatching(/^kata-of-.*\w\.txt$/)]);
  });

  it('rests on the sibling of its own Kata, whatever became of that of another', async () => {
    const fails = doing('kata.uname', async ({ cell }) => {
      if (cell.kata === 'old') {
        throw new Error('no kernel of its own');
      }
    });

    const ran = await farm([fails, looks('kata.lifecycle', { restsOn: ['kata.uname'] })], {
      katas: [kataLike(), kataLike('old')],
    });

    expect(outcomes(ran)).toEqual({
      'debian-13/qemu/kata.uname': 'passed',
      'debian-13/qemu/kata.lifecycle': 'passed',
      'debian-13/qemu~old/kata.uname': 'failed',
      'debian-13/qemu~old/kata.lifecycle': 'blocked',
    });
  });
});

describe('a template with a Kata in it', () => {
  it('is there for the next run', async () => {
    const [first, second] = [kataLike(), kataLike()];
    const { provider } = await farm([looks('kata.uname')], { katas: [first] });

    const ran = await farm([looks('kata.uname')], { katas: [second], provider });

    expect([first.sites.length, second.sites.length]).toEqual([1, 0]);
    expect(found(ran)).toEqual({ 'debian-13/qemu/kata.uname': 'first' });
  });

  it("is made with what is known of guests' speed in it, as Kata's own limits follow that", async () => {
    const kata = kataLike();

    await farm([looks('kata.uname')], {
      katas: [kata],
      speed: { class: 'tcg+svm', accelerator: 'tcg', factor: 1, because: 'a fake' },
      proof: { nested: true, panicked: false, nestedMs: 13_900, said: '' },
    });

    expect(kata.sites).toMatchObject([{ factor: 1, nestedMs: 15_000 }]);
  });

  it('is another one for cells that want a bare CPU', async () => {
    const kata = kataLike();

    const ran = await farm([looks('kata.uname'), looks('kata.uname-bare', { needs: { bare: true } })], {
      katas: [kata],
    });

    expect(outcomes(ran)).toEqual({
      'debian-13/qemu/kata.uname': 'passed',
      'debian-13/qemu/kata.uname-bare': 'passed',
    });
    expect(kata.sites).toHaveLength(2);
    expect(ran.provider.deeds).toContainEqual(expect.stringMatching(/^boot .*template-bare/));
  });
});

describe('without a template', () => {
  it('a Kata is put into the machine of every cell of its own', async () => {
    const kata = kataLike();
    const freeze = { error: new Error('the disk of this host is full'), times: 99 };

    const ran = await farm([looks('kata.uname'), looks('kata.lifecycle'), looks('vmm.qemu.boot')], {
      katas: [kata],
      faults: { freeze },
    });

    expect(found(ran)).toEqual({
      'debian-13/qemu/kata.uname': 'first',
      'debian-13/qemu/kata.lifecycle': 'first',
      'debian-13/qemu/vmm.qemu.boot': 'none',
    });
    expect(kata.sites).toHaveLength(2);
  });

  it('so it is into one that boots from power-on, and into none of the cold cells beside it', async () => {
    const kata = kataLike();

    const ran = await farm(
      [looks('kata.uname-cold', { machine: 'cold' }), looks('host.boot', { machine: 'cold' })],
      { katas: [kata] },
    );

    expect(found(ran)).toEqual({
      'debian-13/qemu/kata.uname-cold': 'first',
      'debian-13/qemu/host.boot': 'none',
    });
  });

  it("a machine that its Kata can't be put into is let go of, and the cell is the farm's trouble", async () => {
    const ran = await farm([looks('kata.uname-cold', { machine: 'cold' })], {
      katas: [kataLike(undefined, 'tar: short read')],
    });

    expect(outcomes(ran)).toEqual({ 'debian-13/qemu/kata.uname-cold': 'errored' });
    expect(ran.provider.running.size).toBe(0);
  });
});
