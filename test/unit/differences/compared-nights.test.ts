import { describe, expect, it } from 'vitest';
import type { Chronicle, Lane } from '../../../src/domain/chronicle.ts';
import { changesBetween, comparedOn, daysIn } from '../../../src/domain/compared-nights.ts';
import { differencesOf } from '../../../src/domain/difference.ts';

const run = (id: string, startedAt: string, qemu = '7.2.22') => ({
  ...{ id, startedAt, until: startedAt, command: [], katas: [] },
  host: { cpu: 'a CPU', qemu },
});
const lane = (rest: Partial<Lane>): Lane => ({
  ...{ release: 'debian-13', variant: 'qemu:built', basis: 'kvm', runs: ['a', 'b', 'c'], seconds: [1, 1, 1] },
  ...{ versions: {}, strips: [], ...rest },
});
const chronicle = (...lanes: readonly Lane[]): Chronicle => ({
  runs: [
    run('a', '2026-11-20T22:30:00Z', '7.2.21'),
    run('b', '2026-11-21T01:00:00Z'),
    run('c', '2026-11-21T22:30:00Z'),
  ],
  lanes,
  reds: { r1: { message: 'no token', step: 'start', class: 'hang' } },
});
const cell = 'debian-13/qemu/vmm.qemu.boot';
const passed = { status: 'passed' } as const;
const failed = { status: 'failed', red: 'r1' } as const;

describe('a night', () => {
  it('is all runs of a day, and of a cell the last that planned it', () => {
    const spells = [
      { value: passed, count: 1 },
      { value: failed, count: 1 },
      { value: { status: 'absent' }, count: 1 },
    ] as const;
    const told = comparedOn(chronicle(lane({ strips: [{ cell, spells }] })), '2026-11-21');

    expect(told).toEqual([
      {
        cell: { id: cell, distro: 'debian-13', stack: 'qemu', scenario: 'vmm.qemu.boot' },
        outcome: { status: 'failed', step: 'start', class: 'hang', message: 'no token' },
      },
    ]);
  });

  it('has the word of the better basis', () => {
    const emulated = lane({ basis: 'tcg+svm', strips: [{ cell, spells: [{ value: failed, count: 3 }] }] });
    const hardware = lane({ strips: [{ cell, spells: [{ value: passed, count: 3 }] }] });

    for (const lanes of [
      [emulated, hardware],
      [hardware, emulated],
    ]) {
      expect(comparedOn(chronicle(...lanes), '2026-11-21')[0]?.outcome).toEqual(passed);
    }
  });

  it('is red after another by what changed between them', () => {
    const one = chronicle(
      lane({
        strips: [
          {
            cell,
            spells: [
              { value: passed, count: 1 },
              { value: failed, count: 2 },
            ],
          },
        ],
        versions: {
          virtiofsd: [
            { value: '1.13.2-1', count: 1 },
            { value: '1.13.2-2', count: 2 },
          ],
          runc: [{ value: '1.1', count: 3 }],
        },
      }),
    );

    expect(
      differencesOf(comparedOn(one, '2026-11-20'), comparedOn(one, '2026-11-21')).counts['new-red'],
    ).toBe(1);
    expect(changesBetween(one, '2026-11-20', '2026-11-21')).toEqual([
      { of: 'host', name: 'qemu', was: '7.2.21', is: '7.2.22' },
      { of: 'package', release: 'debian-13', name: 'virtiofsd', was: '1.13.2-1', is: '1.13.2-2' },
    ]);
  });

  it('that is not there has no cells', () => {
    expect(daysIn(chronicle())).toEqual(['2026-11-20', '2026-11-21']);
    expect(
      comparedOn(
        chronicle(lane({ strips: [{ cell, spells: [{ value: passed, count: 3 }] }] })),
        '2026-11-19',
      ),
    ).toEqual([]);
  });
});
