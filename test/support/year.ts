import type { CellId } from '../../src/domain/cell.ts';
import { cellOf } from '../../src/domain/cell.ts';
import type { DistroId } from '../../src/domain/distro.ts';
import type { Finding } from '../../src/domain/finding.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Batch, BatchId, PlannedCell } from '../../src/domain/plan.ts';
import type { Facts, Result } from '../../src/domain/result.ts';
import type { Run } from '../../src/domain/run.ts';
import type { ScenarioId } from '../../src/domain/scenario.ts';
import type { StackId } from '../../src/domain/stack.ts';
import { kataLike } from './domain.ts';
import { randomFrom } from './shapes.ts';

/** How much happens in a made-up farm. */
export interface Year {
  readonly seed?: number;
  readonly nights?: number;
  readonly releases?: number;
  readonly stacks?: number;
  readonly scenarios?: number;
  /** ISO date of the first night. */
  readonly from?: string;
  /** The version of the Kata of every night; else it changes twice. */
  readonly kata?: string;
}

const names = [
  ...['debian-11', 'debian-12', 'debian-13', 'debian-sid', 'ubuntu-22.04', 'ubuntu-24.04', 'ubuntu-26.04'],
  ...['fedora-43', 'fedora-44', 'fedora-rawhide', 'centos-stream-9', 'centos-stream-10', 'almalinux-9'],
  ...['almalinux-10', 'rocky-9', 'rocky-10', 'oracle-9', 'oracle-10', 'opensuse-leap-16.0'],
  ...['opensuse-tumbleweed', 'arch-linux', 'alpine-3.22', 'alpine-3.23', 'void-linux', 'amazon-2023'],
] as const satisfies readonly DistroId[];

const stackIds: readonly StackId[] = [
  ...(['qemu', 'clh', 'qemu+distro-kernel', 'clh+distro-kernel', 'qemu.upstream', 'clh.upstream'] as const),
];

const scenarioIds: readonly ScenarioId[] = [
  ...([
    'kata.uname',
    'kata.vmm-identity',
    'kata.lifecycle',
    'kata.net',
    'kata.crictl.pod',
    'kata.resources',
  ] as const),
  ...(['kata.leftovers', 'kata.block-aio', 'kata.parallel', 'kata.kill-vmm', 'kata.log-clean'] as const),
  ...(['mapping.uidgid', 'mapping.filenames', 'mapping.mounts', 'mapping.devices', 'mapping.vf'] as const),
];

/** Of a release: which cells are red, and since which of its versions. */
interface State {
  readonly release: DistroId;
  readonly rolling: boolean;
  readonly versions: Record<string, number>;
  readonly red: Map<CellId, 'qemu-exited' | 'hang' | 'virtiofs-refused'>;
}

const packages = ['linux-image', 'qemu-system', 'virtiofsd', 'containerd', 'cloud-hypervisor'] as const;
const katas = ['4.1.0', '4.2.0', '4.3.0'] as const;
const day = 24 * 60 * 60 * 1000;

/**
 * A farm's nights, one after the other: the seed alone decides how they went. Versions change, now and then with a break
 * that a later version mends; a few cells are flaky; a night is cut short; a scenario is added and one is removed.
 */
export function* nightsOfYear(year: Year = {}): Generator<Run> {
  const { seed = 1, nights = 365, from = '2025-11-22', stacks = 6, scenarios = 30 } = year;
  const random = randomFrom(seed);
  const states = names.slice(0, year.releases ?? 25).map(
    (release, index): State => ({
      release,
      rolling: /sid|rawhide|tumbleweed|arch|void/.test(release) || index % 9 === 8,
      versions: Object.fromEntries(packages.map((name) => [name, 1])),
      red: new Map(),
    }),
  );
  const ids = Array.from(
    { length: scenarios },
    (_, index): ScenarioId => scenarioIds[index] ?? `kata.more-${index}`,
  );

  for (let night = 0; night < nights; night += 1) {
    // One that is new in the second half of the year, and one that is gone by then.
    const asked = ids.filter((_, index) => index !== (night < nights / 2 ? 3 : 4));
    const version = year.kata ?? katas[Math.floor((night * katas.length) / nights)] ?? katas[0];
    for (const state of states) {
      age(state, random);
    }
    yield nightOf({
      startedAt: Date.parse(`${from}T22:30:00.000Z`) + night * day,
      ...{ states, version, random },
      isCut: random() < 0.01,
      cellsOf: (release) =>
        stackIds.slice(0, stacks).flatMap((stack) => asked.map((id) => cellOf(release, stack, id))),
    });
  }
}

/** Versions of a rolling release change every few nights, others once a month; one change in five breaks or mends. */
function age({ rolling, versions, red, release }: State, random: () => number): void {
  for (const name of packages) {
    if (random() > (rolling ? 0.15 : 0.03)) {
      continue;
    }
    versions[name] = (versions[name] ?? 0) + 1;
    red.clear();
    if (random() < 0.2) {
      const stack = stackIds[Math.floor(random() * stackIds.length)] ?? 'qemu';
      for (const id of scenarioIds.filter(() => random() < 0.4)) {
        const kind = random() < 0.5 ? 'qemu-exited' : 'virtiofs-refused';
        red.set(`${release}/${stack}/${id}`, random() < 0.1 ? 'hang' : kind);
      }
    }
  }
}

interface Night {
  readonly startedAt: number;
  readonly states: readonly State[];
  readonly version: string;
  readonly random: () => number;
  readonly isCut: boolean;
  readonly cellsOf: (release: DistroId) => readonly ReturnType<typeof cellOf>[];
}

function nightOf({ startedAt, states, version, random, isCut, cellsOf }: Night): Run {
  const at = (ms: number) => new Date(startedAt + ms).toISOString();
  const results = new Map<CellId, Result>();
  const batchFacts = new Map<BatchId, Facts>();
  const lost = isCut ? Math.floor(random() * states.length) : states.length;
  const batches = states.map((state, number): Batch => {
    const id: BatchId = `${state.release}/qemu:built`;
    const cells = cellsOf(state.release).map(
      (cell): PlannedCell => ({ ...cell, machine: 'clone', restsOn: [] }),
    );
    const told = Object.entries(state.versions).map(([name, count]) => [`package.${name}`, `1.${count}-1`]);
    if (number < lost) {
      batchFacts.set(id, {
        ...{
          speed: 'kvm-nested',
          'image.digest': `sha256:${hex(random, 64)}`,
          'image.built': at(-3_600_000),
        },
        ...Object.fromEntries(told),
      });
      for (const cell of cells) {
        results.set(cell.id, resultOf(state.red.get(cell.id), at(number * 600_000), random));
      }
    }
    const plan = { provider: 'qemu', variant: 'qemu:built', memoryMiB: 6144 } as const;
    return { id, distro: state.release, ...plan, cells };
  });

  const id = `${at(0).slice(0, 10).replaceAll('-', '')}-223000-${hex(random, 4)}`;
  return {
    ...{ id, startedAt: at(0), ...(isCut ? { interrupted: 'SIGTERM' } : {}), endedAt: at(6 * 3_600_000) },
    host: { cpu: 'AMD EPYC 7763 64-Core Processor', cores: 64, memoryMiB: 257_024, qemu: '10.0.2' },
    plan: { batches, skipped: [], katas: [kataLike({ version, source: `upstream:${version}` })] },
    distros: states.map(({ release, rolling }) => ({ id: release, title: release, rolling, notes: [] })),
    command: states.map(({ release }) => release),
    ...{ modified: [], inputs: {}, timings: new Map(), batchFacts, results },
  };
}

function resultOf(kind: string | undefined, endedAt: string, random: () => number): Result {
  const ms = Math.round(20_000 + 40_000 * random());
  const outcomes = outcomesOf(kind, random);
  const outcome = outcomes.at(-1);
  const attempts = outcomes.map((one, index) => ({
    number: index + 1,
    startedAt: endedAt,
    outcome: one,
    ms,
  }));
  return {
    ...{ attempts, endedAt, ms, timings: {}, facts: {}, files: [] },
    ...(outcome && { outcome }),
    ...(outcome?.status === 'failed' && { finding: findingOf(kind ?? 'hang') }),
  };
}

function outcomesOf(kind: string | undefined, random: () => number): readonly Outcome[] {
  const lot = random();
  // Figures of the night, as real messages have them: they make no other failure.
  const message = `the sandbox ${hex(random, 12)} did not start within ${Math.round(60_000 * random())} ms: ${kind}`;
  const red: Outcome = { status: 'failed', step: 'start', class: kind ?? 'hang', message };
  if (lot < 0.001) {
    return [{ status: 'errored', phase: 'clone', message: `no answer after ${Math.round(90 * random())} s` }];
  }
  if (kind !== undefined) {
    return [red, red];
  }
  return lot < 0.003 ? [red, { status: 'passed', flaky: true }] : [{ status: 'passed' }];
}

function findingOf(kind: string): Finding {
  return {
    ...{
      component: 'distro-vmm',
      class: kind,
      confidence: 'swap',
      provenance: 'qemu-system',
      mender: 'its maintainers',
    },
    ...{ because: ['green with the VMM that Kata ships'], evidence: [], versions: {} },
  };
}

function hex(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}
