import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { historyOf } from '../../../src/domain/history.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import { Journal } from '../../../src/journal/journal.ts';
import { parseJournal } from '../../../src/journal/parse.ts';
import { offersOf } from '../../../src/plan/offers.ts';
import { plan } from '../../../src/plan/plan.ts';
import { consoleSummary } from '../../../src/report/console.ts';
import { render } from '../../../src/report/reports.ts';
import { runPlan } from '../../../src/run/run-plan.ts';
import { distroLike, scenarioLike } from '../../support/domain.ts';
import { type FakeProvider, fakeProvider } from '../../support/fake-provider.ts';

let folder = '';
let path = '';
let provider: FakeProvider;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recorded-'));
  path = join(folder, 'journal.jsonl');
  provider = await fakeProvider();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Two cells of debian-13, one green and one red, recorded in a real journal. */
async function recordedRun(now: () => Date, openFile = open): Promise<Run> {
  const distros = [distroLike()];
  const scenarios = (['host.cpu', 'host.kvm'] as const).map((id) => ({
    ...scenarioLike(id),
    run: async () => {
      if (id === 'host.kvm') {
        throw new Error('no KVM');
      }
    },
  }));
  const planned = plan({ distros, scenarios, providers: offersOf([provider], distros), katas: [] });
  {
    await using journal = await Journal.open(path, now, openFile);
    await journal.record({
      ...{ type: 'run-started', v: 1, run: 'r', host: {}, plan: planned, distros: [], command: [] },
      modified: [],
    });
    await runPlan({
      ...{ run: 'r', folder, plan: planned, distros, scenarios, providers: [provider], katas: new Map() },
      capacity: { availableMiB: () => 16_384, gapMs: 0, jobs: 2 },
      history: historyOf([]),
      ...{ keep: 'never', retries: 1, pauseMs: 1 },
      record: (note) => journal.record(note),
      watcher: { noted() {}, began() {}, said() {}, heard() {} },
      signal: new AbortController().signal,
    });
  }
  return replay(parseJournal(await readFile(path, 'utf8')));
}

const day = 86_400_000;

it.each([
  ['a day ahead and back, again and again', (call: number) => (call % 2 === 0 ? 0 : day)],
  ['back by an hour at every look', (call: number) => -call * 3_600_000],
])('measures and reports without a wrong time while the clock jumps %s', async (_, jump) => {
  let calls = 0;
  const now = () => {
    calls += 1;
    return new Date(Date.parse('2026-01-02T03:04:05.000Z') + jump(calls));
  };

  const run = await recordedRun(now);

  const results = [...run.results.values()];
  const attempts = results.flatMap((result) => result.attempts);
  const all = [...results, ...attempts].map(({ ms }) => ms ?? -1);
  const phases = [...run.timings.values(), ...results.map(({ timings }) => timings)].flatMap(Object.values);
  expect(results.map(({ outcome }) => outcome?.status).toSorted()).toEqual(['failed', 'passed']);
  expect([...all, ...phases].filter((ms) => ms < 0 || ms > 60_000)).toEqual([]);
  const shown = [
    ...render(run).map(({ text }) => text),
    consoleSummary(run, { color: false, columns: 0, folder }),
  ];
  expect(shown.filter((text) => /(NaN|time="-|-\d+ (s|min)\b)/.test(text))).toEqual([]);
});

it.each([3, 8, 15])(
  'lets go of every machine, and keeps whole lines, where the disk is full after %d writes',
  async (writes) => {
    let count = 0;
    const openFile: typeof open = async (...given) => {
      const file = await open(...given);
      const { appendFile } = file;
      file.appendFile = async (bytes) => {
        count += 1;
        const full = count > writes;
        await appendFile.call(file, full ? String(bytes).slice(0, -5) : bytes);
        if (full) {
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        }
      };
      return file;
    };

    const ended = recordedRun(() => new Date(), openFile);

    await expect(ended).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 3,
      message: expect.stringMatching(/^cannot record in .*: the disk is full; free some space/),
    });
    expect(provider.running.size).toBe(0);
    const run = replay(parseJournal(await readFile(path, 'utf8')));
    expect(run.endedAt).toBeUndefined();
  },
);
