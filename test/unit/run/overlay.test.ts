import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { historyOf } from '../../../src/domain/history.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import type { Overlay } from '../../../src/install/overlay/overlay.ts';
import { Uninstallable } from '../../../src/install/overlay/uninstallable.ts';
import { offersOf } from '../../../src/plan/offers.ts';
import { plan } from '../../../src/plan/plan.ts';
import type { Diagnostics } from '../../../src/run/diagnostics.ts';
import { runPlan } from '../../../src/run/run-plan.ts';
import type { LoadedScenario } from '../../../src/scenario.ts';
import { distroLike, scenarioLike } from '../../support/domain.ts';
import { type FakeOptions, type FakeProvider, fakeProvider } from '../../support/fake-provider.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Puts one line more into a file of its machine each time; fails with these first, in turn. */
function overlayLike(...failures: readonly Error[]): Overlay & { tries: number } {
  const left = [...failures];
  const overlay = {
    tries: 0,
    key: 'overlay of virtiofsd.deb\nd1',
    async apply({ $ }: Parameters<Overlay['apply']>[0]) {
      overlay.tries += 1;
      const failure = left.shift();
      if (failure) {
        throw failure;
      }
      await $`echo overlaid >>packages`;
      return {
        changes: [
          { name: 'virtiofsd', from: '1.13.2-1', to: '1.13.2-2', asked: true },
          { name: 'hello', to: '2.10-5', asked: false },
          { name: 'virtiofsd-old', from: '1.0', asked: false },
        ],
        leftOut: ['linux-image-amd64=6.12.9-1'],
      };
    },
  };
  return overlay;
}

const looks = (id: ScenarioId, change: Partial<LoadedScenario> = {}): LoadedScenario => ({
  ...scenarioLike(id),
  run: async ({ guest: { $ }, fact }) => {
    await fact('found', (await $`cat packages 2>/dev/null || echo plain`.text()).trim());
  },
  ...change,
});

interface Ran {
  readonly run: Run;
  readonly provider: FakeProvider;
  readonly folder: string;
}

/** What machines have in this image, whatever is put into them. */
const inImage = { virtiofsd: '1.13.2-1', 'virtiofsd-old': '1.0', runc: '1.1' };

async function farm(
  scenarios: readonly LoadedScenario[],
  {
    overlay,
    diagnostics,
    retries = 1,
    ...fake
  }: FakeOptions & { overlay?: Overlay; diagnostics?: Diagnostics; retries?: number },
): Promise<Ran> {
  const plain = await fakeProvider(fake);
  const image: FakeProvider['image'] = async (...given) => ({
    ...(await plain.image(...given)),
    packages: inImage,
  });
  const provider = { ...plain, image };
  const distros = [distroLike()];
  const planned = plan({ distros, scenarios, providers: offersOf([provider], distros), katas: [] });
  const folder = await mkdtemp(join(tmpdir(), 'overlay-'));
  folders.push(folder);
  const at = '2026-01-02T03:04:05.000Z';
  const entries: Entry[] = [
    {
      ...{ at, type: 'run-started', v: 1, run: 'r', host: {}, plan: planned },
      ...{ distros: [], command: [], modified: [] },
    },
  ];
  await runPlan({
    ...{ run: 'r', folder, plan: planned, distros, scenarios, providers: [provider], katas: new Map() },
    ...(overlay && { overlay }),
    ...(diagnostics && { diagnostics }),
    capacity: { availableMiB: () => 16_384, gapMs: 0, jobs: 1 },
    history: historyOf([]),
    keep: 'never',
    retries,
    pauseMs: 1,
    record: async (note) => void entries.push({ at, ...note } as Entry),
    watcher: { noted() {}, began() {}, said() {}, heard() {} },
    signal: new AbortController().signal,
  });
  return { run: replay(entries), provider, folder };
}

const both = [looks('host.containerd'), looks('host.boot', { machine: 'cold' })];

const found = ({ run }: Ran) =>
  Object.fromEntries([...run.results].map(([id, { facts }]) => [id, facts['found']]));

const outcomes = ({ run }: Ran) => [...run.results.values()].map(({ outcome }) => outcome);

describe('an overlay', () => {
  it('is in clones and in cold machines, installed once', async () => {
    const overlay = overlayLike();

    const ran = await farm(both, { overlay });

    expect(found(ran)).toEqual({
      'debian-13/host/host.containerd': 'overlaid',
      'debian-13/host/host.boot': 'overlaid',
    });
    expect(overlay.tries).toBe(1);
  });

  it('is there from the start of a cold machine, and clones are not started anew for it', async () => {
    const { provider } = await farm(both, { overlay: overlayLike() });

    expect(provider.deeds.filter((deed) => deed.startsWith('reboot'))).toEqual([
      'reboot debian-13-host-host.boot-1',
    ]);
  });

  it('is in no machine of a run without one', async () => {
    expect(Object.values(found(await farm(both, {})))).toEqual(['plain', 'plain']);
  });

  it('is put into each machine by itself where none can be frozen', async () => {
    const fault = { error: new Error('no disk'), times: 9 };
    const overlay = overlayLike();

    const ran = await farm(both, { overlay, faults: { freeze: fault } });

    expect(Object.values(found(ran))).toEqual(['overlaid', 'overlaid']);
    expect(overlay.tries).toBe(2);
  });

  it('records versions before and after, what it took along, and the versions of parts that hold from then on', async () => {
    const { run } = await farm(both, { overlay: overlayLike() });

    expect(run.batchFacts.get('debian-13/qemu:built')).toMatchObject({
      'overlay.virtiofsd': '1.13.2-1 -> 1.13.2-2',
      'overlay.hello': 'none -> 2.10-5 (pulled in)',
      'overlay.left-out.1': 'linux-image-amd64=6.12.9-1',
      'package.virtiofsd': '1.13.2-2',
    });
  });

  it.each([
    ['on top of the template', {}],
    ['in each machine', { faults: { freeze: { error: new Error('no disk'), times: 9 } } }],
  ])('is in the list of what is installed, as machines have it: put %s', async (_, fake) => {
    const { folder } = await farm(both, { overlay: overlayLike(), ...fake });

    const text = await readFile(join(folder, 'machines/debian-13/packages.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      packages: { hello: '2.10-5', runc: '1.1', virtiofsd: '1.13.2-2' },
      overlaid: ['virtiofsd', 'hello', 'virtiofsd-old'],
    });
    expect(Object.keys(JSON.parse(text).packages)).not.toContain('virtiofsd-old');
  });

  it('changes nothing of that list where there is none', async () => {
    const { folder } = await farm(both, {});

    const text = await readFile(join(folder, 'machines/debian-13/packages.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({ image: expect.any(String), packages: inImage });
  });

  it('is what failures are looked into with: nobody is blamed for a version that no machine had', async () => {
    const told: unknown[] = [];
    const red = looks('host.kvm', {
      run: async () => {
        throw new Error('always red');
      },
    });
    const diagnostics: Diagnostics = {
      next: ({ packages }) => {
        told.push(packages['virtiofsd.version'], packages['virtiofsd.overlaid'], packages['qemu.overlaid']);
        return { finding: { component: 'unknown', because: [], evidence: [], versions: {} } };
      },
      ...{ facilities: () => '', readingsIn: () => [], mendingOf: () => undefined, swapsOf: () => [] },
    };

    await farm([red], { overlay: overlayLike(), diagnostics });

    expect(told).toEqual(['1.13.2-2', 'yes', undefined]);
  });

  it('that can not be installed is a verdict on its packages, once a second clone has confirmed it', async () => {
    const refused = new Uninstallable("the overlay can't be installed: x : Depends: y", 'E: unmet');
    const overlay = overlayLike(refused, refused);

    const ran = await farm(both, { overlay, retries: 0 });

    expect(outcomes(ran)).toEqual([
      expect.objectContaining({ status: 'failed', class: 'uninstallable', message: refused.message }),
      expect.objectContaining({ status: 'failed', class: 'uninstallable' }),
    ]);
    expect([...ran.run.results.values()].map(({ finding }) => finding?.component)).toEqual([
      'distro-packaging',
      'distro-packaging',
    ]);
    expect(overlay.tries).toBe(2);
  });

  it('that is refused once and taken next is no verdict', async () => {
    const ran = await farm(both, { overlay: overlayLike(new Uninstallable('refused', '')), retries: 0 });

    expect(outcomes(ran).map((outcome) => outcome?.status)).toEqual(['passed', 'passed']);
  });

  it("that a mirror did not give is the farm's trouble", async () => {
    const mirror = new Error('cannot read the package index: E: 404');
    const overlay = overlayLike(mirror, mirror);

    const ran = await farm(both, { overlay });

    expect(outcomes(ran)).toEqual([
      expect.objectContaining({ status: 'errored', phase: 'prepare', message: mirror.message }),
      expect.objectContaining({ status: 'errored' }),
    ]);
    expect(overlay.tries).toBe(2);
  });
});
