import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { historyOf } from '../../../src/domain/history.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import { offersOf } from '../../../src/plan/offers.ts';
import { plan } from '../../../src/plan/plan.ts';
import { type RunRequest, runPlan } from '../../../src/run/run-plan.ts';
import type { LoadedScenario } from '../../../src/scenario.ts';
import { distroLike, scenarioLike } from '../../support/domain.ts';
import { type FakeOptions, fakeProvider } from '../../support/fake-provider.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Records what a script has left in its machine. */
const looks = (id: ScenarioId, machine: 'clone' | 'cold' = 'clone'): LoadedScenario => ({
  ...scenarioLike(id),
  machine,
  run: async ({ guest: { $ }, fact }) => {
    await fact('found', (await $`cat planted 2>/dev/null || echo nothing`.text()).trim());
  },
});

async function farm(
  script: string,
  options: FakeOptions & { readonly by: 'prepare' | 'prepareCold' },
): Promise<{ readonly run: Run; readonly deeds: readonly string[] }> {
  const { by, ...fake } = options;
  const provider = await fakeProvider(fake);
  const folder = await mkdtemp(join(tmpdir(), 'prepare-cold-'));
  folders.push(folder);
  const path = join(folder, 'plant.sh');
  await writeFile(path, script);
  const scenarios = [looks('host.cpu'), looks('host.boot', 'cold')];
  const distros = [distroLike()];
  const planned = plan({ distros, scenarios, providers: offersOf([provider], distros), katas: [] });
  const at = '2026-01-02T03:04:05.000Z';
  const entries: Entry[] = [
    {
      ...{ at, type: 'run-started', v: 1, run: 'r', host: {}, plan: planned },
      ...{ distros: [], command: [], modified: [] },
    },
  ];
  const request: RunRequest = {
    ...{ run: 'r', folder, plan: planned, distros, scenarios, providers: [provider], katas: new Map() },
    capacity: { availableMiB: () => 16_384, gapMs: 0, jobs: 1 },
    history: historyOf([]),
    keep: 'never',
    retries: 0,
    pauseMs: 1,
    [by]: path,
    record: async (note) => void entries.push({ at, ...note } as Entry),
    watcher: { noted() {}, began() {}, said() {}, heard() {} },
    signal: new AbortController().signal,
  };
  await runPlan(request);
  return { run: replay(entries), deeds: provider.deeds };
}

const found = ({ run }: { readonly run: Run }) =>
  Object.fromEntries([...run.results].map(([id, { facts }]) => [id, facts['found']]));

it('boots the template again before any clone of it is made, and a cold machine before its scenario', async () => {
  const ran = await farm('echo planted >planted', { by: 'prepareCold' });

  expect(found(ran)).toEqual({ 'debian-13/host/host.cpu': 'planted', 'debian-13/host/host.boot': 'planted' });
  expect(ran.deeds.filter((deed) => deed.startsWith('reboot'))).toHaveLength(2);
  const again = ran.deeds.indexOf('reboot debian-13-prepare');
  expect(again).toBeGreaterThanOrEqual(0);
  expect(again).toBeLessThan(ran.deeds.indexOf('clone debian-13-host-host.cpu-1'));
});

it('boots nothing again by --prepare, and leaves out what boots from the image', async () => {
  const ran = await farm('echo planted >planted', { by: 'prepare' });

  expect(found(ran)).toEqual({ 'debian-13/host/host.cpu': 'planted' });
  expect(ran.deeds.filter((deed) => deed.startsWith('reboot'))).toEqual([]);
  expect(ran.run.results.get('debian-13/host/host.boot')?.outcome).toMatchObject({
    status: 'skipped',
    because: expect.stringContaining('--prepare-cold'),
  });
});

it('changes every machine by itself where nothing can be frozen', async () => {
  const error = new Error('cannot save the state: a device does not migrate');

  const ran = await farm('echo planted >planted', {
    by: 'prepareCold',
    faults: { freeze: { error, times: 9 } },
  });

  expect(found(ran)).toEqual({ 'debian-13/host/host.cpu': 'planted', 'debian-13/host/host.boot': 'planted' });
});

it("is the farm's trouble where the script fails, and lets go of the machine", async () => {
  const ran = await farm('echo why; echo whence >&2; echo no such thing >&2; exit 7', { by: 'prepareCold' });

  for (const { outcome } of ran.run.results.values()) {
    expect(outcome).toMatchObject({
      status: 'errored',
      message: expect.stringMatching(/plant\.sh ended with 7: no such thing$/),
      detail: 'why\nwhence\nno such thing',
    });
  }
  const begun = ran.deeds.filter((deed) => /^(boot|clone) /.test(deed)).length;
  expect(ran.deeds.filter((deed) => deed.startsWith('end ')).length).toBe(begun);
});
