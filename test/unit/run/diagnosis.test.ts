import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Case, Diagnose } from '../../../src/diagnose/case.ts';
import type { CellId } from '../../../src/domain/cell.ts';
import type { Entry, Note } from '../../../src/domain/entry.ts';
import type { Experiment, Finding } from '../../../src/domain/finding.ts';
import { historyOf } from '../../../src/domain/history.ts';
import { remaining } from '../../../src/domain/remaining.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import type { KataInstaller } from '../../../src/install/install-kata.ts';
import { offersOf } from '../../../src/plan/offers.ts';
import { plan } from '../../../src/plan/plan.ts';
import type { Diagnostics } from '../../../src/run/diagnostics.ts';
import type { Swap } from '../../../src/run/donors.ts';
import type { LastGreenOf } from '../../../src/run/last-green.ts';
import { runPlan } from '../../../src/run/run-plan.ts';
import { NothingToSwap } from '../../../src/run/swap.ts';
import type { LoadedScenario, Scenario } from '../../../src/scenario.ts';
import { distroLike, kataLike, scenarioLike } from '../../support/domain.ts';
import { type FakeProvider, fakeProvider } from '../../support/fake-provider.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const doing = (
  id: ScenarioId,
  run: Scenario['run'],
  change: Partial<LoadedScenario> = {},
): LoadedScenario => ({ ...scenarioLike(id, { on: ['qemu'] }), run, ...change });

/** Red unless the machine has Kata's virtiofsd. */
const wantsDonor = (id: ScenarioId, said = 'unrecognized option'): LoadedScenario =>
  doing(id, async ({ step, guest: { $ } }) => {
    await step('start', () => $`grep -qs kata virtiofsd || { echo ${said} >&2; exit 1; }`);
  });

const virtiofsd = {
  ...{ kind: 'swap', part: 'virtiofsd', by: 'the virtiofsd of Kata 4.1.0' },
} as const satisfies Experiment;
const named: Finding = {
  ...{ component: 'distro-virtiofsd', confidence: 'swap', because: ['red, green, red'] },
  ...{ evidence: [], versions: {} },
};

/** Facilities, the swap, the last A; then a name where it was A-B-A. */
const aba: Diagnose = (_, trials) => {
  const script: readonly Experiment[] = [{ kind: 'facilities' }, virtiofsd, { kind: 'again' }];
  const experiment = script[trials.length];
  if (experiment) {
    return { experiments: [experiment] };
  }
  const [, swap, again] = trials;
  const isSwapped = swap?.outcome?.status === 'passed' && again?.outcome?.status === 'failed';
  return { finding: isSwapped ? named : { ...named, component: 'unknown' } };
};

const diagnosticsLike = (change: Partial<Diagnostics> = {}): Diagnostics => ({
  next: aba,
  facilities: () => 'echo vsock yes',
  readingsIn: (text) => (text.startsWith('vsock') ? [{ facility: 'vsock', ok: true, said: 'yes' }] : []),
  mendingOf: () => undefined,
  swapsOf: () => [
    {
      ...{ part: 'virtiofsd', by: 'the virtiofsd of Kata 4.1.0' },
      apply: async ({ $ }) => void (await $`echo kata >virtiofsd`),
    },
  ],
  ...change,
});

interface Ran {
  readonly run: Run;
  readonly entries: readonly Entry[];
  readonly provider: FakeProvider;
  readonly folder: string;
  readonly said: readonly string[];
}

interface Setting {
  /** Left out: the usual; undefined: there are none. */
  readonly diagnostics?: Diagnostics | undefined;
  readonly before?: readonly Entry[];
  /** Of the run before; one of its own unless given. */
  readonly folder?: string;
  readonly signal?: AbortSignal;
  readonly onSaid?: (line: string) => void;
  readonly failing?: Parameters<typeof fakeProvider>[0];
  readonly lastGreenOf?: LastGreenOf;
  readonly katas?: readonly KataInstaller[];
}

async function farm(
  scenarios: readonly LoadedScenario[],
  {
    before = [],
    signal = new AbortController().signal,
    onSaid = () => {},
    failing = {},
    lastGreenOf,
    katas = [],
    ...given
  }: Setting = {},
): Promise<Ran> {
  const diagnostics = 'diagnostics' in given ? given.diagnostics : diagnosticsLike();
  const provider = await fakeProvider(failing);
  const distros = [distroLike()];
  const builds = katas.map(({ build }) => build);
  const planned = plan({ distros, scenarios, providers: offersOf([provider], distros), katas: builds });
  const folder = given.folder ?? (await mkdtemp(join(tmpdir(), 'diagnosis-')));
  folders.push(folder);
  const at = '2026-01-02T03:04:05.000Z';
  const begin: Note = {
    ...{ type: 'run-started', v: 1, run: 'r', host: {}, plan: planned },
    ...{ distros: [], command: [], modified: [] },
  };
  const past = before.length > 0 ? replay(before) : undefined;
  const entries: Entry[] = past
    ? [...before, { at, type: 'run-resumed', host: {} }]
    : [{ at, ...begin } as Entry];
  const said: string[] = [];
  await runPlan({
    ...{ run: 'r', folder, distros, scenarios, signal },
    ...(diagnostics && { diagnostics }),
    plan: past ? { ...planned, batches: remaining(past) } : planned,
    ...(past && { earlier: { past: past.results, known: past.batchFacts } }),
    ...(lastGreenOf && { lastGreenOf }),
    katas: new Map(katas.map((kata) => [kata.build.label ?? '', kata])),
    providers: [provider],
    capacity: { availableMiB: () => 16_384, gapMs: 0, jobs: 2 },
    ...{ history: historyOf([]), keep: 'never', retries: 1, pauseMs: 1 },
    record: async (note) => void entries.push({ at, ...note } as Entry),
    watcher: {
      ...{ noted() {}, began() {}, heard() {} },
      said(line) {
        said.push(line);
        onSaid(line);
      },
    },
  });
  return { run: replay(entries), entries, provider, folder, said };
}

const start: CellId = 'debian-13/qemu/vmm.virtiofsd.start';
const mount: CellId = 'debian-13/qemu/vmm.virtiofs.mount';
const clonesOf = ({ provider }: Ran) => provider.deeds.filter((deed) => deed.startsWith('clone'));

describe('a red', () => {
  it('is tried again with another part and then without, each on a fresh clone, until it has a finding', async () => {
    const ran = await farm([wantsDonor('vmm.virtiofsd.start')]);

    const result = ran.run.results.get(start);
    expect(result?.trials).toMatchObject([
      { experiment: { kind: 'facilities' }, readings: [{ facility: 'vsock', ok: true }] },
      { experiment: virtiofsd, outcome: { status: 'passed' } },
      { experiment: { kind: 'again' }, outcome: { status: 'failed', message: expect.any(String) } },
    ]);
    expect(result?.finding).toEqual(named);
    expect(result?.attempts).toHaveLength(2);
    expect(clonesOf(ran)).toHaveLength(2 + 3);
    expect(ran.provider.running.size).toBe(0);
  });

  it('leaves what each experiment said beside its attempts, and tells what is tried', async () => {
    const ran = await farm([wantsDonor('vmm.virtiofsd.start')]);

    const transcript = `cells/${start}/experiments/02-swap-virtiofsd/transcript.txt`;
    expect(ran.run.results.get(start)?.files).toContain(transcript);
    expect(await readFile(join(ran.folder, transcript), 'utf8')).toContain('echo kata >virtiofsd');
    expect(ran.said).toContain(`${start}: tried with the virtiofsd of Kata 4.1.0`);
  });

  it('leaves no facts, phases or attempts of its experiments among its own', async () => {
    const counted: LoadedScenario = doing('vmm.virtiofsd.start', async ({ fact, guest: { $ } }) => {
      await fact('found', (await $`cat virtiofsd 2>/dev/null || echo none`.text()).trim());
      throw new Error('red');
    });
    const ran = await farm([counted]);

    const result = ran.run.results.get(start);
    expect(result?.facts['found']).toBe('none');
    const phases = ran.entries.filter((entry) => entry.type === 'phase-ended' && entry.cell === start);
    expect(phases).toHaveLength(2 * ['clone', 'execute', 'diagnose', 'teardown'].length);
  });

  it('is told of with its siblings, its lines, and what can be swapped', async () => {
    const cases: Case[] = [];
    const diagnostics = diagnosticsLike({
      next: (one) => {
        cases.push(one);
        return { finding: named };
      },
    });
    await farm([wantsDonor('vmm.virtiofsd.start'), doing('host.cpu', async () => {})], { diagnostics });

    expect(cases).toMatchObject([
      {
        cell: { id: start },
        outcome: { status: 'failed' },
        speed: 'tcg+svm',
        siblings: [{ cell: { id: 'debian-13/qemu/host.cpu' }, outcome: { status: 'passed' } }],
        packages: {
          'virtiofsd.package': 'virtiofsd',
          'virtiofsd.path': '/usr/libexec/virtiofsd',
          lsm: 'apparmor',
        },
        donors: [{ part: 'virtiofsd', by: 'the virtiofsd of Kata 4.1.0' }],
      },
    ]);
    const [line] = cases[0]?.lines ?? [];
    expect(line).toMatchObject({ file: `cells/${start}/2/transcript.txt`, text: 'unrecognized option' });
  });

  it('is looked into once where several cells fail alike, and the others say by whom', async () => {
    const ran = await farm([wantsDonor('vmm.virtiofsd.start'), wantsDonor('vmm.virtiofs.mount')]);

    const [first, second] = [start, mount].map((cell) => ran.run.results.get(cell));
    const looked = [first, second].filter((result) => result?.trials);
    expect(looked).toHaveLength(1);
    expect(first?.finding?.component).toBe('distro-virtiofsd');
    expect(second?.finding?.component).toBe('distro-virtiofsd');
    const told = looked[0] === first ? second : first;
    expect(told?.finding?.because[0]).toMatch(
      /^it failed as debian-13\/qemu\/vmm\.\S+ did, which was looked/,
    );
  });

  it('has its evidence in its own files, even where another was looked into for it', async () => {
    const next: Diagnose = ({ lines }) => ({ finding: { ...named, evidence: lines.slice(0, 1) } });
    const scenarios = [wantsDonor('vmm.virtiofsd.start'), wantsDonor('vmm.virtiofs.mount')];
    const ran = await farm(scenarios, { diagnostics: diagnosticsLike({ next }) });

    for (const cell of [start, mount]) {
      expect(ran.run.results.get(cell)?.finding?.evidence).toMatchObject([
        { file: `cells/${cell}/2/transcript.txt`, text: 'unrecognized option' },
      ]);
    }
  });

  it("is looked into by itself where it failed otherwise, but its template's facilities are tried once", async () => {
    const ran = await farm([
      wantsDonor('vmm.virtiofsd.start'),
      wantsDonor('vmm.virtiofs.mount', 'no such file'),
    ]);

    expect(ran.run.results.get(start)?.trials).toHaveLength(3);
    expect(ran.run.results.get(mount)?.trials).toHaveLength(3);
    expect(clonesOf(ran)).toHaveLength(4 + 1 + 2 * 2);
  });

  it('has no finding, and ends no run, where the deciding itself goes wrong', async () => {
    const next = () => {
      throw new TypeError('a pattern that is none');
    };
    const ran = await farm([wantsDonor('vmm.virtiofsd.start')], { diagnostics: diagnosticsLike({ next }) });

    expect(ran.run.results.get(start)).toMatchObject({ outcome: { status: 'failed' } });
    expect(ran.run.results.get(start)?.finding).toBeUndefined();
    expect(ran.run.endedAt).toBeDefined();
  });

  it('is given up on where experiments never lead to a name', async () => {
    const next: Diagnose = () => ({ experiments: [{ kind: 'again' }] });
    const ran = await farm([wantsDonor('vmm.virtiofsd.start')], { diagnostics: diagnosticsLike({ next }) });

    const result = ran.run.results.get(start);
    expect(result?.trials).toHaveLength(12);
    expect(result?.finding).toMatchObject({ component: 'unknown' });
  });
});

describe('an experiment that comes to nothing', () => {
  const failing = (times: number) => {
    let left = times;
    return diagnosticsLike({
      swapsOf: () => [
        {
          ...{ part: 'virtiofsd', by: 'the virtiofsd of Kata 4.1.0' },
          apply: async ({ $ }) => {
            left -= 1;
            await (left >= 0 ? Promise.reject(new Error('no room left')) : $`echo kata >virtiofsd`);
          },
        },
      ],
    });
  };

  it('is tried once more', async () => {
    const ran = await farm([wantsDonor('vmm.virtiofsd.start')], { diagnostics: failing(1) });

    const result = ran.run.results.get(start);
    expect(result?.trials?.[1]).toMatchObject({ experiment: virtiofsd, outcome: { status: 'passed' } });
    expect(result?.finding).toEqual(named);
    expect(ran.provider.running.size).toBe(0);
  });

  it('is not tried again where there is nothing to change, which says nothing', async () => {
    const ran = await farm([wantsDonor('vmm.virtiofsd.start')], {
      diagnostics: diagnosticsLike({
        swapsOf: () => [
          {
            ...{ part: 'virtiofsd', by: 'the virtiofsd of Kata 4.1.0' },
            apply: async () => {
              throw new NothingToSwap('nothing is enforced here');
            },
          },
        ],
      }),
    });

    const outcome = { status: 'skipped', message: 'nothing is enforced here' };
    expect(ran.run.results.get(start)?.trials?.[1]?.outcome).toEqual(outcome);
    expect(clonesOf(ran)).toHaveLength(2 + 3);
  });

  it('says nothing when it does so twice', async () => {
    const ran = await farm([wantsDonor('vmm.virtiofsd.start')], { diagnostics: failing(2) });

    const result = ran.run.results.get(start);
    expect(result?.trials?.[1]?.outcome).toEqual({ status: 'errored', message: 'no room left' });
    expect(result?.finding?.component).toBe('unknown');
  });
});

describe('cells that nothing is to be learnt of', () => {
  it.each([
    ['green', async () => {}],
    ['skipped', async ({ skip }: Parameters<Scenario['run']>[0]) => skip('not here')],
  ] as const)('have no finding: %s', async (_, run) => {
    const ran = await farm([doing('vmm.virtiofsd.start', run)]);

    expect(ran.run.results.get(start)?.finding).toBeUndefined();
    expect(clonesOf(ran)).toHaveLength(1);
  });

  it('have none where a control blocks them, and the control has', async () => {
    const ran = await farm([
      wantsDonor('host.kvm'),
      doing('vmm.virtiofsd.start', async () => {}, { restsOn: ['host.kvm'] }),
    ]);

    expect(ran.run.results.get(start)).toMatchObject({ outcome: { status: 'blocked' } });
    expect(ran.run.results.get(start)?.finding).toBeUndefined();
    expect(ran.run.results.get('debian-13/qemu/host.kvm')?.finding).toEqual(named);
  });
});

it('looks into what no machine could be had for by its words alone', async () => {
  const seen: (readonly [string, number])[] = [];
  const next: Diagnose = (one, trials) => {
    seen.push([one.outcome.message, one.donors.length]);
    return trials.length === 0
      ? { experiments: [{ kind: 'again' }] }
      : { finding: { ...named, component: 'distro-packaging' } };
  };
  const error = new Error('unmet dependencies');
  const ran = await farm([wantsDonor('vmm.virtiofsd.start')], {
    diagnostics: diagnosticsLike({ next }),
    failing: { faults: { image: { error, times: 9 } } },
  });

  expect(seen[0]).toEqual(['unmet dependencies', 0]);
  expect(ran.run.results.get(start)).toMatchObject({
    outcome: { status: 'errored', phase: 'image' },
    trials: [{ outcome: { status: 'errored' } }],
    finding: { component: 'distro-packaging' },
  });
});

describe('an interruption among the experiments', () => {
  it('leaves no machine and no finding, and the verdict stands', async () => {
    const stop = new AbortController();
    const ran = await farm([wantsDonor('vmm.virtiofsd.start')], {
      signal: stop.signal,
      diagnostics: diagnosticsLike({
        swapsOf: () => [
          {
            ...{ part: 'virtiofsd', by: 'the virtiofsd of Kata 4.1.0' },
            apply: async ({ $ }) => {
              setTimeout(() => stop.abort('SIGINT'), 50);
              await $`sleep 60`;
            },
          },
        ],
      }),
    });

    expect(ran.provider.running.size).toBe(0);
    expect(ran.run.interrupted).toBe('SIGINT');
    const result = ran.run.results.get(start);
    expect(result?.outcome?.status).toBe('failed');
    expect(result?.finding).toBeUndefined();
    expect(result?.trials).toHaveLength(1);
  });
});

describe('a run that is gone on with', () => {
  const scenarios = [
    wantsDonor('vmm.virtiofsd.start'),
    doing('vmm.green', async () => {}, { restsOn: ['vmm.virtiofsd.start'] }),
  ];

  it('looks into a failure of before that has no finding, and not into one that has', async () => {
    const whole = await farm(scenarios);
    const found = whole.entries.findIndex((entry) => entry.type === 'finding-made');
    const without = await farm(scenarios, { before: whole.entries.slice(0, found) });
    const having = await farm(scenarios, { before: whole.entries.slice(0, found + 1) });

    expect(without.run.results.get(start)?.finding).toEqual(named);
    // What was tried before is not tried again.
    expect(clonesOf(without)).toHaveLength(0);
    expect(having.entries.filter((entry) => entry.type === 'finding-made')).toHaveLength(1);
  });

  it('tries what was not tried yet, on machines like those of before', async () => {
    const more = [...scenarios, doing('vmm.later', async () => {})];
    const whole = await farm(more);
    const begun = whole.entries.findIndex((entry) => entry.type === 'experiment-ended');
    const cut = whole.entries
      .slice(0, begun + 1)
      .filter((entry) => !(entry.type === 'cell-ended' && entry.cell.endsWith('vmm.later')));

    const ran = await farm(more, { before: cut });

    expect(ran.run.results.get(start)?.trials).toHaveLength(3);
    expect(ran.run.results.get(start)?.finding).toEqual(named);
    expect(clonesOf(ran).filter((deed) => deed.includes('virtiofsd.start'))).toHaveLength(2);
  });
});

describe('a run that was cut short among the experiments, with every cell settled', () => {
  const count = (entries: readonly Entry[], type: Entry['type']) =>
    entries.filter((entry) => entry.type === type).length;
  const cutsOf = (entries: readonly Entry[]) => {
    const settled = entries.findLastIndex((entry) => entry.type === 'cell-ended');
    const end = entries.findLastIndex((entry) => entry.type === 'finding-made');
    return Array.from({ length: end - settled }, (_, index) => entries.slice(0, settled + 1 + index));
  };

  it('is looked into to the end, wherever it was cut: no cell is run again, and no experiment made again', async () => {
    const scenarios = [wantsDonor('vmm.virtiofsd.start'), doing('vmm.green', async () => {})];
    const whole = await farm(scenarios);
    const cuts = cutsOf(whole.entries);

    expect(cuts.length).toBeGreaterThan(3);
    for (const before of cuts) {
      const ran = await farm(scenarios, { before });

      const result = ran.run.results.get(start);
      expect(result?.finding).toEqual(named);
      expect(result?.trials?.map(({ experiment }) => experiment.kind)).toEqual([
        'facilities',
        'swap',
        'again',
      ]);
      expect(count(ran.entries, 'cell-started')).toBe(count(before, 'cell-started'));
      expect(clonesOf(ran)).toHaveLength(3 - count(before, 'experiment-ended'));
      expect(ran.provider.running.size).toBe(0);
      expect(remaining(ran.run)).toEqual([]);
    }
  });

  it('has one finding for what failed alike, wherever it was cut, by the experiments of one cell', async () => {
    const scenarios = [wantsDonor('vmm.virtiofsd.start'), wantsDonor('vmm.virtiofs.mount')];
    const whole = await farm(scenarios);

    for (const before of cutsOf(whole.entries)) {
      const ran = await farm(scenarios, { before });

      const [first, second] = [start, mount].map((cell) => ran.run.results.get(cell));
      expect([first, second].map((result) => result?.finding?.component)).toEqual([
        'distro-virtiofsd',
        'distro-virtiofsd',
      ]);
      expect(count(ran.entries, 'experiment-ended')).toBe(3);
      const told = [first, second].filter((result) => !result?.trials);
      expect(told.map((result) => result?.finding?.because)).toEqual([
        [expect.stringMatching(/^it failed as \S+ did/), 'red, green, red'],
      ]);
    }
  });

  it('goes on after an interruption with the experiment that it fell into, beside what that one left', async () => {
    const stop = new AbortController();
    const scenarios = [wantsDonor('vmm.virtiofsd.start')];
    const apply: Swap['apply'] = async ({ $ }) => {
      setTimeout(() => stop.abort('SIGINT'), 50);
      await $`sleep 60`;
    };
    const slow = diagnosticsLike({ swapsOf: () => [{ part: 'virtiofsd', by: virtiofsd.by, apply }] });
    const cut = await farm(scenarios, { signal: stop.signal, diagnostics: slow });

    const ran = await farm(scenarios, { before: cut.entries, folder: cut.folder });

    expect(cut.run.interrupted).toBe('SIGINT');
    expect(ran.run.interrupted).toBeUndefined();
    const result = ran.run.results.get(start);
    expect(result?.finding).toEqual(named);
    expect(result?.trials?.map(({ folder }) => folder?.split('/').at(-1))).toEqual([
      '01-facilities',
      '03-swap-virtiofsd',
      '04-again',
    ]);
  });

  it('leaves it as it is where no machine is to be had, blames nobody, and may be gone on with again', async () => {
    const scenarios = [wantsDonor('vmm.virtiofsd.start')];
    const [before = []] = cutsOf((await farm(scenarios)).entries);
    const failing = { faults: { image: { error: new Error('no mirror answers'), times: 9 } } };

    const ran = await farm(scenarios, { before, failing });

    expect(ran.run.results.get(start)).toMatchObject({ outcome: { status: 'failed' } });
    expect(ran.run.results.get(start)?.finding).toBeUndefined();
    expect(ran.run.results.get(start)?.trials).toBeUndefined();
    expect(ran.said).toContain('image went wrong: no mirror answers');
    expect(ran.said).toContain(`${start} is not looked into: no machine is to be had for it now`);
    expect(ran.run.endedAt).toBeDefined();
    expect(remaining(ran.run).map(({ undiagnosed }) => undiagnosed?.map(({ id }) => id))).toEqual([[start]]);
  });

  it("has machines with the failure's Kata in them, and others with each other Kata, to swap it", async () => {
    const kataOf = (label?: string): KataInstaller => ({
      build: kataLike({ digest: label ?? 'first', ...(label !== undefined && { label }) }),
      keyOf: () => `kata ${label}`,
      install: async ({ $ }) => void (await $`echo ${label ?? 'first'} >>kata`),
    });
    const katas = [kataOf(), kataOf('old')];
    const scenarios = [
      doing('kata.uname', async ({ guest: { $ } }) => void (await $`grep -q old kata || exit 3`)),
    ];
    const diagnostics = diagnosticsLike({
      swapsOf: ({ startOf }) => {
        const other = startOf('old');
        return other ? [{ part: 'virtiofsd', by: virtiofsd.by, start: other, apply: async () => {} }] : [];
      },
    });
    const [before = []] = cutsOf((await farm(scenarios, { katas, diagnostics })).entries);

    const ran = await farm(scenarios, { before, katas, diagnostics });

    expect(ran.run.results.get('debian-13/qemu/kata.uname')).toMatchObject({
      trials: [{}, { outcome: { status: 'passed' } }, { outcome: { status: 'failed' } }],
      finding: named,
    });
    expect(count(ran.entries, 'cell-ended')).toBe(2);
  });

  it('makes no machine where nobody is there to look', async () => {
    const scenarios = [wantsDonor('vmm.virtiofsd.start')];
    const [before = []] = cutsOf((await farm(scenarios)).entries);

    const ran = await farm(scenarios, { before, diagnostics: undefined });

    expect(ran.provider.deeds).toEqual([]);
  });
});

describe('what a cell said when it was green last', () => {
  const next: Diagnose = ({ lines }) => ({ finding: { ...named, evidence: lines } });
  const green: LastGreenOf = async () => ({
    run: '20260101-000000-aaaa',
    told: [{ path: 'cells/x/1/transcript.txt', text: 'unrecognized option' }],
  });

  it('does not count when it is red, and the finding says in which run that was', async () => {
    const diagnostics = diagnosticsLike({ next });

    const [without, ran] = [
      await farm([wantsDonor('vmm.virtiofsd.start')], { diagnostics }),
      await farm([wantsDonor('vmm.virtiofsd.start')], { diagnostics, lastGreenOf: green }),
    ];

    const textsOf = ({ run }: Ran) => run.results.get(start)?.finding?.evidence.map(({ text }) => text);
    expect(textsOf(without)).toEqual(['unrecognized option']);
    expect(textsOf(ran)).toEqual([]);
    expect(ran.run.results.get(start)?.finding?.because).toEqual([
      `no line counts that ${start} said in 20260101-000000-aaaa as well, where it was green last`,
      ...named.because,
    ]);
  });

  it('is asked for of what is red, and of nothing else', async () => {
    const asked: (readonly string[])[] = [];
    const lastGreenOf: LastGreenOf = async (...of) => {
      asked.push(of);
      return undefined;
    };

    const ran = await farm([wantsDonor('vmm.virtiofsd.start'), doing('vmm.green', async () => {})], {
      lastGreenOf,
    });

    expect(asked).toEqual([[start, 'debian-13/qemu:built']]);
    expect(ran.run.results.get(start)?.finding).toEqual(named);
  });
});
