import { cellOf } from '../../src/domain/cell.ts';
import type { DistroId } from '../../src/domain/distro.ts';
import type { Note } from '../../src/domain/entry.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Batch, BatchId, Plan } from '../../src/domain/plan.ts';
import type { ScenarioId } from '../../src/domain/scenario.ts';
import type { StackId } from '../../src/domain/stack.ts';

const scenarios: readonly (readonly [StackId, ScenarioId])[] = [
  ['host', 'host.cpu'],
  ['host', 'host.kvm'],
  ['runc', 'control.runc'],
  ['qemu', 'vmm.qemu.boot'],
  ['clh', 'kata.uname'],
];

/** A plan of five cells for each of these releases. */
export function planOf(...releases: readonly string[]): Plan {
  const batches = releases.map((release): Batch => {
    const distro = release as DistroId;
    return {
      id: batchOf(release),
      distro,
      provider: 'qemu',
      variant: 'qemu:built',
      memoryMiB: 6144,
      cells: scenarios.map(([stack, scenario]) => ({
        ...cellOf(distro, stack, scenario),
        machine: 'clone',
        restsOn: [],
      })),
    };
  });
  return { batches, skipped: [] };
}

export function batchOf(release: string): BatchId {
  return `${release as DistroId}/qemu:built`;
}

/** The first cells of a release: `cellIn('debian-13', 0)` is its host.cpu. */
export function cellIn(release: string, index: number) {
  const [stack, scenario] = scenarios[index] ?? ['host', 'host.cpu'];
  return cellOf(release as DistroId, stack, scenario).id;
}

export function started(plan: Plan): Note {
  const run = '20261122-0130-ab12';
  return { type: 'run-started', v: 1, run, host: {}, plan, distros: [], command: [], modified: [] };
}

export function begun(release: string, index: number, attempt = 1): Note {
  return { type: 'cell-started', cell: cellIn(release, index), attempt };
}

/** An attempt's end. */
export function tried(release: string, index: number, outcome: Outcome, attempt = 1): Note {
  return { type: 'attempt-ended', cell: cellIn(release, index), attempt, outcome, ms: 1000 };
}

/** A cell's end. */
export function ended(release: string, index: number, outcome: Outcome): Note {
  return { type: 'cell-ended', cell: cellIn(release, index), outcome, ms: 1500 };
}

export const passed: Outcome = { status: 'passed' };
export const failed: Outcome = { status: 'failed', step: 'read /proc/cpuinfo', message: 'no svm' };
export const errored: Outcome = { status: 'errored', phase: 'clone', message: 'no answer within 12 s' };
export const flaky: Outcome = { status: 'passed', flaky: true };

/** All of a release's cells, passed. */
export function allPassed(release: string): readonly Note[] {
  return scenarios.map((_, index) => ended(release, index, passed));
}
