import { describe, expect, it } from 'vitest';
import { afterBegin, afterNote } from '../../../src/report/live-change.ts';
import { waiting } from '../../../src/report/live-state.ts';
import { runLeft } from '../../../src/report/time-left.ts';
import { allPassed, batchOf, begun, cellIn, ended, passed, planOf } from '../../support/live-story.ts';

const known = { cellMs: () => 10_000, phaseMs: () => undefined };
const plan = waiting('r', planOf('debian-13'), 0);

describe('the time that is left', () => {
  it('is the work that is left, shared by the machines that were seen at once', () => {
    const two = [begun('debian-13', 0), begun('debian-13', 1)].reduce(
      (state, note) => afterNote(state, note, 0),
      plan,
    );

    expect(runLeft(plan, 0, known)).toBe(50_000);
    expect(runLeft(two, 0, known)).toBe(25_000);
  });

  it('becomes less while a cell runs, and not less than nothing', () => {
    const one = afterNote(plan, begun('debian-13', 0), 0);

    expect(runLeft(one, 4000, known)).toBe(46_000);
    expect(runLeft(one, 99_000, known)).toBe(40_000);
  });

  it('counts the phases that are ahead, and of the present one what is left', () => {
    const phases = {
      ...known,
      phaseMs: (_: unknown, phase: string) => (phase === 'boot' ? 60_000 : undefined),
    };
    const booting = afterBegin(plan, batchOf('debian-13'), 'boot', 0);
    const booted = afterNote(
      booting,
      { type: 'phase-ended', batch: batchOf('debian-13'), phase: 'boot', ms: 1 },
      0,
    );

    expect(runLeft(plan, 0, phases)).toBe(110_000);
    expect(runLeft(booting, 20_000, phases)).toBe(90_000);
    expect(runLeft(booted, 20_000, phases)).toBe(50_000);
  });

  it('counts no boot of a template that is there already', () => {
    const booting = { ...known, phaseMs: () => 60_000 };
    const cloned = afterNote(plan, begun('debian-13', 0), 0);

    expect(runLeft(cloned, 0, booting)).toBe(50_000);
  });

  it('is no less than its longest cell', () => {
    const long = { ...known, cellMs: (cell: string) => (cell === cellIn('debian-13', 0) ? 90_000 : 1000) };
    const two = [begun('debian-13', 1), begun('debian-13', 2)].reduce(
      (state, note) => afterNote(state, note, 0),
      plan,
    );

    expect(runLeft(two, 0, long)).toBe(90_000);
  });

  it('takes a cell that is not known to be like the others, and says nothing where most are not known', () => {
    const knowing = (count: number) => ({
      ...known,
      cellMs: (cell: string) =>
        Array.from({ length: count }, (_, index) => cellIn('debian-13', index) as string).includes(cell)
          ? 10_000
          : undefined,
    });

    expect(runLeft(plan, 0, knowing(3))).toBe(50_000);
    expect(runLeft(plan, 0, knowing(2))).toBeUndefined();
  });

  it('is not known of a run that has nothing left', () => {
    const over = allPassed('debian-13').reduce((state, note) => afterNote(state, note, 0), plan);

    expect(runLeft(over, 0, known)).toBeUndefined();
    expect(runLeft(afterNote(plan, ended('debian-13', 0, passed), 0), 0, known)).toBe(40_000);
  });
});
