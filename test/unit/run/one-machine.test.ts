import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { historyOf } from '../../../src/domain/history.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import type { BootRequest, Provider } from '../../../src/machine/machine.ts';
import { offersOf } from '../../../src/plan/offers.ts';
import { plan } from '../../../src/plan/plan.ts';
import { runPlan } from '../../../src/run/run-plan.ts';
import type { LoadedScenario, Scenario } from '../../../src/scenario.ts';
import { distroLike, scenarioLike } from '../../support/domain.ts';
import { fakeProvider } from '../../support/fake-provider.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const scenario = (
  id: ScenarioId,
  change: Partial<LoadedScenario> = {},
  run: Scenario['run'] = async (t) => {
    await t.guest.$`true`;
  },
): LoadedScenario => ({ ...scenarioLike(id), run, ...change });

/** Runs scenarios on a provider that has one machine for all of them. */
async function onOne(scenarios: readonly LoadedScenario[], speed: 'kvm' | 'none' = 'kvm') {
  const folder = await mkdtemp(join(tmpdir(), 'one-machine-'));
  folders.push(folder);
  const asked: BootRequest[] = [];
  const {
    freeze: _freeze,
    template: _template,
    ...fake
  } = await fakeProvider({
    devices: ['/dev/kvm'],
    speed: { class: speed, accelerator: 'kvm', factor: 1, because: 'said so' },
  });
  const provider: Provider = {
    ...fake,
    sharesMachine: true,
    boot: (image, request) => {
      asked.push(request);
      return fake.boot(image, request);
    },
  };
  const distros = [distroLike()];
  const planned = plan({
    distros,
    scenarios,
    providers: offersOf([provider], distros),
    katas: [],
    noKata: 'none',
  });
  const entries: Entry[] = [];
  await runPlan({
    ...{ run: 'test', folder, plan: planned, distros, scenarios, providers: [provider] },
    ...{ capacity: { availableMiB: () => 64_000, gapMs: 0 }, history: historyOf([]), katas: new Map() },
    ...{ keep: 'never', retries: 0, pauseMs: 0, signal: new AbortController().signal },
    record: async (note) => {
      entries.push({ at: '2026-01-01T00:00:00.000Z', ...note } as Entry);
    },
    watcher: { said: () => {}, noted: () => {}, began: () => {}, heard: () => {} },
  });
  return { deeds: fake.deeds, asked, entries, planned };
}

describe('a provider with one machine for all cells', () => {
  it('runs one cell at a time, the least harmful first, a cold one last', async () => {
    const { deeds, asked } = await onOne([
      ...[scenario('host.boot', { machine: 'cold' }), scenario('vmm.qemu.boot'), scenario('host.cpu')],
      ...[scenario('control.runc'), scenario('vmm.qemu.qmp', { restsOn: ['host.cpu'] })],
    ]);

    const names = deeds
      .filter((deed) => /^(boot|end) /.test(deed))
      .map((deed) => deed.replace(/debian-13-host-|-1$/g, ''));
    expect(names).toEqual(
      ['host.cpu', 'control.runc', 'vmm.qemu.boot', 'vmm.qemu.qmp', 'host.boot'].flatMap((name) => [
        `boot ${name}`,
        `end ${name}`,
      ]),
    );
    expect(asked.filter(({ cold }) => cold).map(({ name }) => name)).toEqual(['debian-13-host-host.boot-1']);
  });

  it('says of a red that it was confirmed on the same machine', async () => {
    const { entries } = await onOne([
      scenario('host.cpu', {}, async () => {
        throw new Error('no flag');
      }),
    ]);

    const ended = entries.find((entry) => entry.type === 'cell-ended');
    expect(ended).toMatchObject({
      outcome: {
        status: 'failed',
        detail: expect.stringMatching(/red each time on one and the same machine/),
      },
    });
  });

  it('takes a guest that came up under KVM there for all that /dev/kvm has to prove', async () => {
    const needs = { devices: ['/dev/kvm'] };
    const statusOf = async (speed: 'kvm' | 'none') => {
      const { entries } = await onOne([scenario('host.kvm', { needs })], speed);
      return entries.flatMap((entry) => (entry.type === 'cell-ended' ? [entry.outcome.status] : []));
    };

    expect([await statusOf('kvm'), await statusOf('none')]).toEqual([['passed'], ['errored']]);
  });
});
