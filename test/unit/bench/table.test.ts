import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../bench/by-hand.ts';
import { table } from '../../../bench/table.ts';
import type { Note } from '../../../src/domain/entry.ts';

describe('the table of the benchmarks', () => {
  it('lines up its columns, figures to the right', () => {
    const rows = [
      {
        what: 'a run',
        figure: 130.4,
        unit: 's',
        against: 'by hand: 128.0 s',
        ratio: 1.019,
        limit: 'at most 1.05',
      },
      { what: 'the scheduler', figure: 0.0983, unit: 'ms a cell' },
    ];

    expect(table(rows)).toBe(
      [
        'what                     figure  against            ratio  limit',
        'a run                     130 s  by hand: 128.0 s  1.02 ×  at most 1.05',
        'the scheduler  0.0983 ms a cell',
        '',
      ].join('\n'),
    );
  });
});

describe('a run that is done again by hand', () => {
  it('had as many machines at once as cells were under way', () => {
    const started = (cell: string) => ({ type: 'cell-started', cell, attempt: 1 });
    const ended = (cell: string) => ({ type: 'attempt-ended', cell, attempt: 1 });
    const cells = ['debian-13/host/host.cpu', 'debian-13/host/host.lsm', 'debian-13/host/host.kvm'];
    const [cpu = '', lsm = '', kvm = ''] = cells;
    const notes = [started(cpu), started(lsm), ended(cpu), started(kvm), ended(kvm), ended(lsm)];
    const entries = notes.map((note) => ({ at: '2026-11-22T00:00:00.000Z', ...(note as Note) }));

    expect(atOnce({ entries })).toBe(2);
  });
});
