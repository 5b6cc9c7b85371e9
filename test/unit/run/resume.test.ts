import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry, Note } from '../../../src/domain/entry.ts';
import { historyOf } from '../../../src/domain/history.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import { remaining } from '../../../src/domain/remaining.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import { offersOf } from '../../../src/plan/offers.ts';
import { plan } from '../../../src/plan/plan.ts';
import { runPlan } from '../../../src/run/run-plan.ts';
import type { LoadedScenario } from '../../../src/scenario.ts';
import { distroLike, scenarioLike } from '../../support/domain.ts';
import { fakeProvider } from '../../support/fake-provider.ts';

const at = '2026-01-02T03:04:05.000Z';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resume-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How often each scenario was begun, over all sittings. */
let begun: Record<string, number> = {};
const counted = (id: string) => {
  begun[id] = (begun[id] ?? 0) + 1;
};

const scenarios: readonly LoadedScenario[] = [
  {
    ...scenarioLike('host.boot'),
    machine: 'cold',
    run: async () => counted('host.boot'),
  },
  { ...scenarioLike('host.kvm'), run: async () => counted('host.kvm') },
  {
    ...scenarioLike('host.red'),
    run: async () => {
      counted('host.red');
      throw new Error('always red');
    },
  },
  { ...scenarioLike('vmm.rests'), restsOn: ['host.red'], run: async () => counted('vmm.rests') },
  { ...scenarioLike('vmm.green'), restsOn: ['host.kvm'], run: async () => counted('vmm.green') },
];

async function plannedWhole(): Promise<Plan> {
  await using provider = await fakeProvider();
  const distros = [distroLike()];
  return plan({ distros, scenarios, providers: offersOf([provider], distros), katas: [] });
}

let sittings = 0;

/** A farm's work on the plan, from where the entries of before end. */
async function sit(planned: Plan, before: readonly Entry[] = []): Promise<Entry[]> {
  const provider = await fakeProvider();
  const entries = [...before];
  sittings += 1;
  const past = before.length > 1 ? replay(before) : undefined;
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
  entries.push({ at, ...(before.length === 0 ? begin : { type: 'run-resumed', host: {} }) } as Entry);
  await runPlan({
    run: 'r',
    folder: join(folder, String(sittings)),
    plan: past ? { ...planned, batches: remaining(past) } : planned,
    ...(past && { earlier: { past: past.results, known: past.batchFacts } }),
    distros: [distroLike()],
    scenarios,
    katas: new Map(),
    providers: [provider],
    capacity: { availableMiB: () => 16_384, gapMs: 0, jobs: 2 },
    history: historyOf([]),
    keep: 'never',
    retries: 1,
    pauseMs: 1,
    record: async (note) => void entries.push({ at, ...note } as Entry),
    watcher: { noted() {}, began() {}, said() {}, heard() {} },
    signal: new AbortController().signal,
  });
  return entries;
}

const statuses = (run: Run) =>
  Object.fromEntries([...run.results].map(([id, { outcome }]) => [id, outcome?.status]));

const verdicts = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => (entry.type === 'cell-ended' ? [entry.cell] : [])).toSorted();

describe('a run whose journal ends early', () => {
  it('comes to the same verdicts when it is gone on with, each cell settled once, wherever it ended', async () => {
    const planned = await plannedWhole();
    const whole = await sit(planned);
    const expected = statuses(replay(whole));

    expect(Object.values(expected).toSorted()).toEqual(['blocked', 'failed', 'passed', 'passed', 'passed']);
    for (let cut = 1; cut < whole.length; cut++) {
      const torn = whole.slice(0, cut);
      begun = {};
      const entries = await sit(planned, torn);
      const settledBefore = torn.flatMap((entry) =>
        entry.type === 'cell-ended' && entry.outcome.status !== 'blocked' ? [entry.cell] : [],
      );
      const again = settledBefore.filter((cell) => begun[cell.split('/')[2] ?? '']);

      expect({ cut, statuses: statuses(replay(entries)) }).toEqual({ cut, statuses: expected });
      expect({ cut, again }).toEqual({ cut, again: [] });
      const settled = verdicts(entries).filter((cell) => expected[cell] !== 'blocked');
      expect({ cut, settled }).toEqual({ cut, settled: [...new Set(settled)] });
    }
  });

  it('counts a red of before: it is confirmed once more, not twice', async () => {
    const planned = await plannedWhole();
    const whole = await sit(planned);
    const red = whole.findIndex(
      (entry) => entry.type === 'attempt-ended' && entry.outcome.status === 'failed' && entry.attempt === 1,
    );

    begun = {};
    const entries = await sit(planned, whole.slice(0, red + 1));

    expect(begun['host.red']).toBe(1);
    const attempts = replay(entries).results.get('debian-13/host/host.red')?.attempts;
    expect(attempts?.map(({ number, outcome }) => [number, outcome?.status])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
    ]);
  });
});
