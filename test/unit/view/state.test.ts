import { describe, expect, it } from 'vitest';
import type { Note } from '../../../src/domain/entry.ts';
import { afterBegin, afterLine, afterNote } from '../../../src/report/live-change.ts';
import { countsOfRows, type LiveState, waiting } from '../../../src/report/live-state.ts';
import {
  allPassed,
  batchOf,
  begun,
  cellIn,
  ended,
  errored,
  failed,
  passed,
  planOf,
  started,
  tried,
} from '../../support/live-story.ts';

const nothing = waiting('none', { batches: [] }, 0);

/** A note each second. */
function told(notes: readonly Note[], from: LiveState = nothing): LiveState {
  return notes.reduce((state, note, index) => afterNote(state, note, index * 1000), from);
}

function rowIn(state: LiveState, release: string) {
  const row = state.rows.get(batchOf(release));
  if (!row) {
    throw new Error(`no row for ${release}`);
  }
  return row;
}

describe('a run as it is watched', () => {
  it('begins with a row for each batch, in the order of the plan', () => {
    const state = told([started(planOf('debian-13', 'debian-12'))]);

    expect([...state.rows.keys()]).toEqual(['debian-13/qemu:built', 'debian-12/qemu:built']);
    expect(state.homes.size).toBe(10);
    expect(rowIn(state, 'debian-12').since).toBeUndefined();
  });

  it('has a phase from its beginning to its end', () => {
    const plan = told([started(planOf('debian-13'))]);
    const booting = afterBegin(plan, batchOf('debian-13'), 'boot', 5000);
    const note: Note = { type: 'phase-ended', batch: batchOf('debian-13'), phase: 'boot', ms: 40 };
    const booted = afterNote(booting, note, 9000);

    expect(rowIn(booting, 'debian-13')).toMatchObject({ phase: { name: 'boot', since: 5000 }, since: 5000 });
    expect(rowIn(booted, 'debian-13')).toMatchObject({ phase: undefined, done: ['boot'], since: 5000 });
  });

  it('takes the phase of a cell for none of its batch', () => {
    const booting = afterBegin(told([started(planOf('debian-13'))]), batchOf('debian-13'), 'boot', 0);
    const cell = cellIn('debian-13', 0);
    const state = afterNote(
      booting,
      { type: 'phase-ended', batch: batchOf('debian-13'), cell, phase: 'boot', ms: 4 },
      1,
    );

    expect(rowIn(state, 'debian-13').phase?.name).toBe('boot');
  });

  it('has a cell running from an attempt’s beginning to its end, and again for the next', () => {
    const first = told([started(planOf('debian-13')), begun('debian-13', 0)]);
    const between = told([tried('debian-13', 0, failed)], first);
    const second = told([begun('debian-13', 0, 2)], between);

    expect(rowIn(first, 'debian-13').running).toEqual([
      { cell: cellIn('debian-13', 0), attempt: 1, since: 1000 },
    ]);
    expect(rowIn(between, 'debian-13')).toMatchObject({ running: [], settled: new Map() });
    expect(rowIn(second, 'debian-13').running).toMatchObject([{ attempt: 2 }]);
  });

  it('is at a row’s end when its last cell is settled', () => {
    const plan = [started(planOf('debian-13', 'debian-12'))];
    const almost = told([...plan, ...allPassed('debian-13').slice(1)]);
    const over = afterNote(almost, ended('debian-13', 0, failed), 9000);

    expect(rowIn(almost, 'debian-13').until).toBeUndefined();
    expect(rowIn(over, 'debian-13').until).toBe(9000);
    expect(rowIn(over, 'debian-12').until).toBeUndefined();
    expect(countsOfRows(over.rows.values())).toMatchObject({ passed: 4, failed: 1, errored: 0 });
  });

  it('counts the machines that it saw at once', () => {
    const plan = told([started(planOf('debian-13', 'debian-12')), begun('debian-13', 0)]);
    const two = afterBegin(plan, batchOf('debian-12'), 'boot', 0);
    const one = told([tried('debian-13', 0, passed)], two);

    expect([plan.peak, two.peak, one.peak]).toEqual([1, 2, 2]);
  });

  it('opens again what was not settled when it is gone on with', () => {
    const before = told([
      started(planOf('debian-13')),
      begun('debian-13', 4),
      ...allPassed('debian-13').slice(0, 2),
      ended('debian-13', 2, failed),
      ended('debian-13', 3, errored),
    ]);
    const resumed = afterNote(before, { type: 'run-resumed', host: {} }, 60_000);

    expect(resumed.since).toBe(60_000);
    expect(rowIn(resumed, 'debian-13').running).toEqual([]);
    expect([...rowIn(resumed, 'debian-13').settled.keys()]).toEqual(
      [0, 1, 2].map((n) => cellIn('debian-13', n)),
    );
  });

  it('is over in a release of which no cell is left when its machines go, and not before', () => {
    const { batches, ...plan } = planOf('debian-13');
    const left = { ...plan, batches: batches.map((batch) => ({ ...batch, cells: [] })) };
    const resumed = afterNote(waiting('r', left, 0), { type: 'run-resumed', host: {} }, 1_000);
    const batch = batchOf('debian-13');

    const looking = afterBegin(resumed, batch, 'diagnose', 2_000);
    const over = afterNote(looking, { type: 'phase-ended', batch, phase: 'teardown', ms: 1 }, 9_000);

    expect(rowIn(looking, 'debian-13').until).toBeUndefined();
    expect(rowIn(looking, 'debian-13').phase?.name).toBe('diagnose');
    expect(rowIn(over, 'debian-13').until).toBe(9_000);
  });

  it('keeps the last line of progress', () => {
    const plan = told([started(planOf('debian-13'))]);
    const state = afterLine(plan, batchOf('debian-13'), 'making the disk', 0);

    expect(rowIn(state, 'debian-13').said).toBe('making the disk');
  });

  it('is not disturbed by a cell or batch that it does not know', () => {
    const state = told([started(planOf('debian-13'))]);

    expect(afterNote(state, begun('debian-11', 0), 1)).toBe(state);
    expect(afterBegin(state, batchOf('debian-11'), 'boot', 1)).toBe(state);
  });
});
