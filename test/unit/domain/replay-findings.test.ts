import { describe, expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import type { Finding, Trial } from '../../../src/domain/finding.ts';
import { isSettled } from '../../../src/domain/remaining.ts';
import { replay } from '../../../src/domain/run.ts';
import { entriesLike, failedTwice, passed } from './run-like.ts';

const at = '2026-11-21T23:00:00.000Z';
const cell: CellId = 'debian-12/qemu/vmm.virtiofsd.start';
const red = entriesLike({ cells: { [cell]: failedTwice } });

const tried = (trial: Trial): Entry => ({ at, type: 'experiment-ended', cell, trial });
const found = (finding: Finding): Entry => ({ at, type: 'finding-made', cell, finding });

const swap: Trial = {
  experiment: { kind: 'swap', part: 'virtiofsd', by: 'the virtiofsd of Kata 4.1.0' },
  outcome: { status: 'passed' },
  ms: 9_000,
};
const again: Trial = { experiment: { kind: 'again' }, outcome: { status: 'failed' }, ms: 8_000 };
const named: Finding = {
  ...{ component: 'distro-virtiofsd', class: 'virtiofsd-arguments', confidence: 'swap' },
  ...{ because: ["it is the distro's"], evidence: [], versions: {} },
};

describe('a journal of experiments', () => {
  it('keeps them in order beside the verdict, and whom they led to', () => {
    const run = replay([...red, tried(swap), tried(again), found(named)]);

    expect(run.results.get(cell)).toMatchObject({
      outcome: { status: 'failed' },
      trials: [swap, again],
      finding: named,
    });
  });

  it('has neither for a cell that nothing was tried for', () => {
    const result = replay(red).results.get(cell);

    expect(result).not.toHaveProperty('trials');
    expect(result).not.toHaveProperty('finding');
  });

  it.each(['farm', 'infra'] as const)(
    'makes a failure errored that turns out to be ours: %s',
    (component) => {
      const run = replay([...red, found({ ...named, component, class: 'shm-small' })]);

      expect(run.results.get(cell)).toMatchObject({
        outcome: { status: 'errored', phase: 'diagnose', message: expect.stringContaining('no token') },
        finding: { component },
      });
      expect(isSettled(run, cell)).toBe(false);
    },
  );

  it('forgets them once the cell comes to another verdict', () => {
    const rerun: readonly Entry[] = [
      { at, type: 'cell-started', cell, attempt: 3 },
      { at, type: 'attempt-ended', cell, attempt: 3, outcome: passed[0], ms: 1 },
      { at, type: 'cell-ended', cell, outcome: passed[0], ms: 1 },
    ];
    const result = replay([
      ...red,
      tried(swap),
      found({ ...named, component: 'farm' }),
      ...rerun,
    ]).results.get(cell);

    expect(result?.outcome).toEqual({ status: 'passed' });
    expect(result).not.toHaveProperty('trials');
    expect(result).not.toHaveProperty('finding');
  });
});
