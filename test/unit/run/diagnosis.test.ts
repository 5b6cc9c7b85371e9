import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Case, Diagnose } from '../../../src/diagnose/case.ts';
import type { LastGreenOf } from '../../../src/run/last-green.ts';
import { NothingToSwap } from '../../../src/run/swap.ts';
import type { LoadedScenario, Scenario } from '../../../src/scenario.ts';
import {
  clonesOf,
  diagnosticsLike,
  doing,
  farm,
  mount,
  named,
  type Ran,
  removeFolders,
  start,
  virtiofsd,
  wantsDonor,
} from '../../support/diagnosis-farm.ts';

afterAll(removeFolders);

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
