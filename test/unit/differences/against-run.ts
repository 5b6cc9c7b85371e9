import { type CellId, cellOf } from '../../../src/domain/cell.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import type { KnownIssue } from '../../../src/domain/known-issue.ts';
import type { Failed, Outcome } from '../../../src/domain/outcome.ts';
import type { Batch, PlannedCell } from '../../../src/domain/plan.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import { kataLike } from '../../support/domain.ts';

export const mine = kataLike({ source: 'dir:/srv/mine', trust: 'local', replaced: ['shim=/srv/shim'] });
export const base = kataLike({ label: 'against', source: 'upstream:4.1.0', digest: 'd2'.repeat(32) });
const at = '2026-11-22T08:00:00.000Z';

export const green: Outcome = { status: 'passed' };
export const red: Failed = { status: 'failed', step: 'start a container', message: 'the shim said nothing' };
export const errored: Outcome = { status: 'errored', phase: 'clone', message: 'the machine was lost' };

/** How a cell came out: with the base, with mine. */
export type Both = readonly [Outcome, Outcome];

/** A run whose cells of Kata's came out like this. */
export function runLike(
  cells: Readonly<Record<string, Both>>,
  host: Outcome = green,
  knownIssues: readonly KnownIssue[] = [],
): Run {
  const planned = Object.keys(cells).flatMap((scenario) => [
    cellOf('debian-13', 'qemu', scenario as ScenarioId),
    cellOf('debian-13', 'qemu', scenario as ScenarioId, 'against'),
  ]);
  const all = [cellOf('debian-13', 'host', 'host.kvm'), ...planned];
  const outcomeOf = (id: CellId): Outcome => {
    const cell = all.find((one) => one.id === id);
    return cell?.stack === 'host' ? host : (cells[cell?.scenario ?? '']?.[cell?.kata ? 0 : 1] ?? green);
  };
  const batch: Batch = {
    ...{ id: 'debian-13/qemu:built', distro: 'debian-13', provider: 'qemu', variant: 'qemu:built' },
    memoryMiB: 6144,
    cells: all.map((cell): PlannedCell => ({ ...cell, machine: 'clone', restsOn: [] })),
  };
  const entries: readonly Entry[] = [
    {
      ...{ at, type: 'run-started', v: 1, run: 'pr-1', host: {}, distros: [], modified: [] },
      plan: { batches: [batch], skipped: [], katas: [mine, base] },
      command: ['debian-13', '--kata', 'dir:/srv/mine', '--against', 'upstream:4.1.0'],
      knownIssues,
    },
    ...all.flatMap(({ id: cell }): readonly Entry[] => [
      { at, type: 'cell-started', cell, attempt: 1 },
      { at, type: 'attempt-ended', cell, attempt: 1, outcome: outcomeOf(cell), ms: 1000 },
      { at, type: 'cell-ended', cell, outcome: outcomeOf(cell), ms: 1000 },
    ]),
    { at, type: 'run-ended' },
  ];
  return replay(entries);
}
