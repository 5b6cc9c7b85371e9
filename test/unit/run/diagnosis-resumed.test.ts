import { afterAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { remaining } from '../../../src/domain/remaining.ts';
import type { KataInstaller } from '../../../src/install/install-kata.ts';
import type { Swap } from '../../../src/run/donors.ts';
import {
  clonesOf,
  diagnosticsLike,
  doing,
  farm,
  mount,
  named,
  removeFolders,
  start,
  virtiofsd,
  wantsDonor,
} from '../../support/diagnosis-farm.ts';
import { kataLike } from '../../support/domain.ts';

afterAll(removeFolders);

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
