import { type CellId, cellOf } from '../../../src/domain/cell.ts';
import type { DistroId } from '../../../src/domain/distro.ts';
import type { DistroFacts, Entry, HostFacts } from '../../../src/domain/entry.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import type { KataBuild } from '../../../src/domain/kata.ts';
import type { KnownIssue } from '../../../src/domain/known-issue.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Batch, BatchId, Variant } from '../../../src/domain/plan.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import type { StackId } from '../../../src/domain/stack.ts';

/** How a cell's attempts ended, the last one standing; `undefined`: planned, and never run. */
type Told = readonly Outcome[] | undefined;

interface Story {
  readonly id?: string;
  /** ISO date of the run. */
  readonly on?: string;
  readonly host?: HostFacts;
  readonly speed?: string;
  readonly variant?: Variant;
  readonly modified?: readonly string[];
  readonly distros?: readonly DistroFacts[];
  readonly cells: Readonly<Record<string, Told>>;
  readonly skipped?: Readonly<Record<string, string>>;
  /** Of every batch, beside its speed: `image.built`, `package.virtiofsd`. */
  readonly batchFacts?: Readonly<Record<string, string>>;
  /** Of cells, by their ids. */
  readonly facts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly findings?: Readonly<Record<string, Finding>>;
  readonly katas?: readonly KataBuild[];
  readonly knownIssues?: readonly KnownIssue[];
}

export const passed = [{ status: 'passed' }] as const satisfies Told;
export const failedTwice = [
  { status: 'failed', step: 'boot', message: 'no token' },
  { status: 'failed', step: 'boot', message: 'no token' },
] as const satisfies Told;

/** What capable takes on the qemu stack, all green, with what is said otherwise. */
export function qemuCells(
  release: DistroId,
  change: Readonly<Record<string, Told>> = {},
): Record<string, Told> {
  const places = [
    'host/host.boot',
    'host/host.kvm',
    'host/host.modules',
    'runc/control.runc',
    'qemu/vmm.qemu.probe',
    'qemu/vmm.qemu.boot',
    'qemu/vmm.qemu.kata-cmdline',
    'qemu/vmm.virtiofsd.start',
    'qemu/vmm.virtiofs.mount',
  ];
  return Object.fromEntries(
    places.map((place) => [`${release}/${place}`, place in change ? change[place] : passed]),
  );
}

/** The journal of a run that went like this. */
export function entriesLike(story: Story): readonly Entry[] {
  const at = `${story.on ?? '2026-11-21'}T22:30:00.000Z`;
  const variant = story.variant ?? 'qemu:built';
  const ids = Object.keys(story.cells);
  const releases = [
    ...new Set([...ids, ...Object.keys(story.skipped ?? {})].map((id) => splitCell(id).distro)),
  ];
  const batches = releases.map(
    (distro): Batch => ({
      id: `${distro}/${variant}`,
      distro,
      provider: 'qemu',
      variant,
      memoryMiB: 6144,
      cells: ids
        .map(splitCell)
        .filter((cell) => cell.distro === distro)
        .map((cell) => ({ ...cell, machine: 'clone', restsOn: [] })),
    }),
  );

  return [
    {
      at,
      type: 'run-started',
      v: 1,
      run: story.id ?? 'night-1',
      host: story.host ?? { cpu: 'AMD EPYC 7763', qemu: '7.2.22' },
      plan: {
        batches,
        ...(story.katas && { katas: story.katas }),
        skipped: Object.entries(story.skipped ?? {}).map(([id, because]) => ({
          cell: splitCell(id),
          because,
        })),
      },
      distros: story.distros ?? releases.map((id) => ({ id, title: id, rolling: false, notes: [] })),
      command: [...releases],
      modified: story.modified ?? [],
      ...(story.knownIssues && { knownIssues: story.knownIssues }),
    },
    ...batches.flatMap(({ id }) =>
      Object.entries({ speed: story.speed ?? 'tcg+svm', ...story.batchFacts }).map(([key, value]) =>
        fact(at, id, key, value),
      ),
    ),
    ...Object.entries(story.facts ?? {}).flatMap(([id, facts]) =>
      Object.entries(facts).map(([key, value]) => fact(at, id as CellId, key, value)),
    ),
    ...ids.flatMap((id) => cellEntries(at, id as CellId, story.cells[id])),
    ...Object.entries(story.findings ?? {}).map(
      ([id, finding]): Entry => ({ at, type: 'finding-made', cell: id as CellId, finding }),
    ),
    { at, type: 'run-ended' },
  ];
}

export function runLike(story: Story): Run {
  return replay(entriesLike(story));
}

function cellEntries(at: string, cell: CellId, told: Told): readonly Entry[] {
  const last = told?.at(-1);
  if (!told || !last) {
    return [];
  }
  return [
    ...told.flatMap((outcome, index): readonly Entry[] => [
      { at, type: 'cell-started', cell, attempt: index + 1 },
      { at, type: 'attempt-ended', cell, attempt: index + 1, outcome, ms: 1000 },
    ]),
    { at, type: 'cell-ended', cell, outcome: last, ms: told.length * 1000 },
  ];
}

function fact(at: string, subject: CellId | BatchId, key: string, value: string): Entry {
  return { at, type: 'fact', subject, key, value };
}

function splitCell(id: string) {
  const [distro, stack, scenario] = id.split('/');
  return cellOf(distro as DistroId, stack as StackId, scenario as ScenarioId);
}
