import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { historyOf } from '../../../src/domain/history.ts';
import { replay } from '../../../src/domain/run.ts';
import type { Proof, Template } from '../../../src/machine/machine.ts';
import { offersOf } from '../../../src/plan/offers.ts';
import { plan } from '../../../src/plan/plan.ts';
import { runPlan } from '../../../src/run/run-plan.ts';
import { distroLike, scenarioLike } from '../../support/domain.ts';
import { fakeProvider } from '../../support/fake-provider.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const nests: Proof = { nested: true, panicked: false, nestedMs: 1000, said: '' };
const stalls: Proof = { nested: false, panicked: true, said: 'Kernel panic' };

/** A run with a user's script on top, and which templates were asked to prove themselves. */
async function changedRun(known?: Proof) {
  const asked: string[] = [];
  const provable = (template: Template, proof: Proof): Template => ({
    ...template,
    ...(template.key === 'template-of-debian-13' && known && { proof: known }),
    async prove() {
      asked.push(template.key);
      return proof;
    },
    derive: async (...given) => provable(await template.derive(...given), stalls),
  });
  await using fake = await fakeProvider();
  const { freeze } = fake;
  if (!freeze) {
    throw new TypeError('this provider freezes nothing');
  }
  const provider = {
    ...fake,
    freeze: async (...given: Parameters<typeof freeze>) => provable(await freeze(...given), nests),
  };
  const folder = await mkdtemp(join(tmpdir(), 'proof-of-change-'));
  folders.push(folder);
  const prepare = join(folder, 'plant.sh');
  await writeFile(prepare, 'echo planted >planted');
  const distros = [distroLike()];
  const scenarios = [{ ...scenarioLike('host.cpu'), run: async () => {} }];
  const planned = plan({ distros, scenarios, providers: offersOf([provider], distros), katas: [] });
  const at = '2026-01-02T03:04:05.000Z';
  const entries: Entry[] = [
    {
      ...{ at, type: 'run-started', v: 1, run: 'r', host: {}, plan: planned },
      ...{ distros: [], command: [], modified: [] },
    },
  ];
  await runPlan({
    ...{
      run: 'r',
      folder,
      plan: planned,
      distros,
      scenarios,
      providers: [provider],
      katas: new Map(),
      prepare,
    },
    capacity: { availableMiB: () => 16_384, gapMs: 0, jobs: 1 },
    ...{ history: historyOf([]), keep: 'never', retries: 0, pauseMs: 1 },
    record: async (note) => void entries.push({ at, ...note } as Entry),
    watcher: { noted() {}, began() {}, said() {}, heard() {} },
    signal: new AbortController().signal,
  });
  const facts = entries.flatMap((entry) =>
    entry.type === 'fact' && /^(?:speed|nested\.\w+)$/.test(entry.key) ? [[entry.key, entry.value]] : [],
  );
  return { asked, facts, run: replay(entries) };
}

it("asks the release's own template what machines can do, and not the one that a user's script changed", async () => {
  const { asked, facts, run } = await changedRun();

  expect([...run.results.values()].map(({ outcome }) => outcome?.status)).toEqual(['passed']);
  expect(asked).toEqual(['template-of-debian-13']);
  expect(facts.slice(-2)).toEqual([
    ['speed', 'tcg+svm'],
    ['nested.ms', 1000],
  ]);
});

it("asks nobody again where an earlier run has, whatever a user's script changed", async () => {
  const { asked, facts } = await changedRun({ ...nests, nestedMs: 700 });

  expect(asked).toEqual([]);
  expect(facts).toContainEqual(['nested.ms', 700]);
});
