import { describe, expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import { expectedMs, historyOf, phasesMs } from '../../../src/domain/history.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import { entriesLike, passed } from './run-like.ts';

const kvm = cellOf('debian-13', 'host', 'host.kvm');
const elsewhere = cellOf('debian-12', 'host', 'host.kvm');
const batch = 'debian-13/qemu:built';

interface Night {
  readonly on: string;
  readonly ms?: number;
  readonly outcome?: Outcome;
  readonly speed?: string;
  readonly bootMs?: number;
  readonly digest?: string;
  readonly modified?: readonly string[];
  readonly cell?: string;
}

/** A run of one cell, whose attempt took so long, and which waited ten minutes for its turn. */
function night({ ms = 1_000, outcome = passed[0], bootMs, digest, cell = kvm.id, ...story }: Night): Run {
  const told = entriesLike({ ...story, id: `night-${story.on}`, cells: { [cell]: [outcome] } });
  const [at = ''] = told.map((entry) => entry.at);
  const slow = told.map((entry): Entry => {
    if (entry.type === 'attempt-ended') {
      return { ...entry, ms };
    }
    return entry.type === 'cell-ended' ? { ...entry, ms: ms + 600_000 } : entry;
  });
  return replay([
    ...slow,
    ...(bootMs === undefined ? [] : [{ at, type: 'phase-ended', batch, phase: 'boot', ms: bootMs } as const]),
    ...(digest === undefined
      ? []
      : [{ at, type: 'fact', subject: batch, key: 'image.digest', value: digest } as const]),
  ]);
}

describe('how long a cell will take', () => {
  it('is what its attempts took, and not what it waited for its turn', () => {
    expect(expectedMs(historyOf([night({ on: '2026-11-20', ms: 4_000 })]), kvm)).toBe(4_000);
  });

  it('is the median of the last five, so that one odd night says nothing and an old one neither', () => {
    const took = [90_000, 90_000, 90_000, 90_000, 4_000, 5_000, 6_000, 300_000, 2_000];
    const runs = took.map((ms, day) => night({ on: `2026-11-${day + 10}`, ms }));

    expect(expectedMs(historyOf(runs), kvm)).toBe(5_000);
    expect(historyOf(runs.toReversed())).toEqual(historyOf(runs));
  });

  it('is not told by what the farm itself spoilt', () => {
    const errored: Outcome = { status: 'errored', phase: 'clone', message: 'the disk is full' };
    const runs = [
      night({ on: '2026-11-20', ms: 4_000 }),
      night({ on: '2026-11-21', ms: 9, outcome: errored }),
    ];

    expect(expectedMs(historyOf(runs), kvm)).toBe(4_000);
  });

  it('is told apart by speed class, where that is known', () => {
    const history = historyOf([
      night({ on: '2026-11-19', ms: 3_000, speed: 'kvm-nested' }),
      night({ on: '2026-11-20', ms: 20_000, speed: 'tcg+svm' }),
      night({ on: '2026-11-21', ms: 22_000, speed: 'tcg+svm' }),
    ]);

    expect(expectedMs(history, kvm, 'kvm-nested')).toBe(3_000);
    expect(expectedMs(history, kvm, 'tcg+svm')).toBe(21_000);
    expect(expectedMs(history, kvm)).toBe(20_000);
    expect(expectedMs(history, kvm, 'kvm')).toBe(20_000);
  });

  it('is as on other releases where it never ran, and unknown where its scenario never did', () => {
    const history = historyOf([night({ on: '2026-11-20', ms: 4_000, cell: elsewhere.id })]);

    expect(expectedMs(history, kvm)).toBe(4_000);
    expect(expectedMs(history, cellOf('debian-13', 'runc', 'control.runc'))).toBeUndefined();
  });
});

describe('how long a batch takes to prepare', () => {
  it('is the sum of the phases that are known', () => {
    const history = historyOf([night({ on: '2026-11-20', bootMs: 50_000 })]);

    expect(phasesMs(history, batch, ['boot', 'freeze'])).toBe(50_000);
    expect(phasesMs(history, batch, ['image'])).toBeUndefined();
  });
});

describe('the last verdict', () => {
  const verdictIn = (runs: readonly Run[]) => historyOf(runs).verdicts.get(batch)?.get(kvm.id);

  it('is the newest, with the image that it was given on', () => {
    const failed: Outcome = { status: 'failed', message: 'no /dev/kvm' };
    const runs = [
      night({ on: '2026-11-21', outcome: failed, digest: 'sha256:new' }),
      night({ on: '2026-11-20', digest: 'sha256:old' }),
    ];

    expect(verdictIn(runs)).toEqual({
      status: 'failed',
      flaky: false,
      at: '2026-11-21T22:30:00.000Z',
      digest: 'sha256:new',
    });
  });

  it('is not given by a run with a change of somebody’s own, which still tells how long things take', () => {
    const runs = [night({ on: '2026-11-21', ms: 7_000, modified: ['--prepare fix.sh'] })];

    expect(verdictIn(runs)).toBeUndefined();
    expect(expectedMs(historyOf(runs), kvm)).toBe(7_000);
  });

  it('says that a pass was flaky', () => {
    expect(
      verdictIn([night({ on: '2026-11-21', outcome: { status: 'passed', flaky: true } })]),
    ).toMatchObject({
      status: 'passed',
      flaky: true,
    });
  });
});
