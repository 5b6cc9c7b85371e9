import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Diagnose } from '../../src/diagnose/case.ts';
import type { CellId } from '../../src/domain/cell.ts';
import type { Entry, Note } from '../../src/domain/entry.ts';
import type { Experiment, Finding } from '../../src/domain/finding.ts';
import { historyOf } from '../../src/domain/history.ts';
import { remaining } from '../../src/domain/remaining.ts';
import { type Run, replay } from '../../src/domain/run.ts';
import type { ScenarioId } from '../../src/domain/scenario.ts';
import type { KataInstaller } from '../../src/install/install-kata.ts';
import { offersOf } from '../../src/plan/offers.ts';
import { plan } from '../../src/plan/plan.ts';
import type { Diagnostics } from '../../src/run/diagnostics.ts';
import type { LastGreenOf } from '../../src/run/last-green.ts';
import { runPlan } from '../../src/run/run-plan.ts';
import type { LoadedScenario, Scenario } from '../../src/scenario.ts';
import { distroLike, scenarioLike } from './domain.ts';
import { type FakeProvider, fakeProvider } from './fake-provider.ts';

const folders: string[] = [];

/** Removes what the farms of a test have left; to be called after all of them. */
export const removeFolders = () =>
  Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));

/** A scenario of this deed. */
export const doing = (
  id: ScenarioId,
  run: Scenario['run'],
  change: Partial<LoadedScenario> = {},
): LoadedScenario => ({ ...scenarioLike(id, { on: ['qemu'] }), run, ...change });

/** Red unless the machine has Kata's virtiofsd. */
export const wantsDonor = (id: ScenarioId, said = 'unrecognized option'): LoadedScenario =>
  doing(id, async ({ step, guest: { $ } }) => {
    await step('start', () => $`grep -qs kata virtiofsd || { echo ${said} >&2; exit 1; }`);
  });

/** The swap that helps. */
export const virtiofsd = {
  ...{ kind: 'swap', part: 'virtiofsd', by: 'the virtiofsd of Kata 4.1.0' },
} as const satisfies Experiment;
/** What three experiments come to. */
export const named: Finding = {
  ...{ component: 'distro-virtiofsd', confidence: 'swap', because: ['red, green, red'] },
  ...{ evidence: [], versions: {} },
};

/** Facilities, the swap, the last A; then a name where it was A-B-A. */
export const aba: Diagnose = (_, trials) => {
  const script: readonly Experiment[] = [{ kind: 'facilities' }, virtiofsd, { kind: 'again' }];
  const experiment = script[trials.length];
  if (experiment) {
    return { experiments: [experiment] };
  }
  const [, swap, again] = trials;
  const isSwapped = swap?.outcome?.status === 'passed' && again?.outcome?.status === 'failed';
  return { finding: isSwapped ? named : { ...named, component: 'unknown' } };
};

/** Diagnostics that ask for those experiments, with what is said otherwise. */
export const diagnosticsLike = (change: Partial<Diagnostics> = {}): Diagnostics => ({
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

/** What came of a run. */
export interface Ran {
  readonly run: Run;
  readonly entries: readonly Entry[];
  readonly provider: FakeProvider;
  readonly folder: string;
  readonly said: readonly string[];
}

/** What is otherwise than usual. */
export interface Setting {
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

/** Runs these scenarios on fake machines, diagnosis and all. */
export async function farm(
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

export const start: CellId = 'debian-13/qemu/vmm.virtiofsd.start';
export const mount: CellId = 'debian-13/qemu/vmm.virtiofs.mount';
/** The clones that a run has made, in order. */
export const clonesOf = ({ provider }: Ran) => provider.deeds.filter((deed) => deed.startsWith('clone'));
