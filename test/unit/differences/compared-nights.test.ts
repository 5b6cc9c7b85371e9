import { describe, expect, it } from 'vitest';
import { askedOn } from '../../../src/domain/asked.ts';
import { cellFrom } from '../../../src/domain/cell.ts';
import { changesBetween } from '../../../src/domain/changed-nights.ts';
import type { Chronicle, Lane } from '../../../src/domain/chronicle.ts';
import { comparedNights, daysIn } from '../../../src/domain/compared-nights.ts';
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

const on = (told: Chronicle, day: string) => comparedNights(told, ['2026-11-20', day]).run;
const kindOn = (told: Chronicle, days: readonly [string, string] = ['2026-11-20', '2026-11-21']) => {
  const { base, run: now } = comparedNights(told, days);
  const asked = { base: askedOn(told, days[0]), run: askedOn(told, days[1]) };
  return differencesOf(base, now, { asked }).all.map(({ kind }) => kind);
};

describe('a night', () => {
  it('is all runs of a day, and of a cell the last verdict of those that planned it', () => {
    const last = [{ status: 'absent' }, { status: 'missing' }, { status: 'errored' }] as const;
    for (const value of last) {
      const spells = [
        { value: passed, count: 1 },
        { value: failed, count: 1 },
        { value, count: 1 },
      ] as const;
      const told = on(chronicle(lane({ strips: [{ cell, spells }] })), '2026-11-21');

      expect(told).toEqual([
        {
          cell: { id: cell, distro: 'debian-13', stack: 'qemu', scenario: 'vmm.qemu.boot' },
          outcome: { status: 'failed', step: 'start', class: 'hang', message: 'no token' },
          manner: 'qemu:built (kvm)',
        },
      ]);
    }
  });

  it('is the last run of the day, whatever the versions of its Kata', () => {
    const spell = (value: typeof passed | typeof failed, at: number) =>
      [0, 1, 2].map((index) => ({ value: index === at ? value : ({ status: 'absent' } as const), count: 1 }));
    const strips = [
      { cell, kata: '4.9.0', spells: spell(failed, 1) },
      { cell, kata: '4.10.0', spells: spell(passed, 2) },
    ] as const;

    for (const order of [strips, strips.toReversed()]) {
      expect(on(chronicle(lane({ strips: order })), '2026-11-21')[0]?.outcome).toEqual(passed);
    }
  });

  it('has the word of the better basis, if the other night has one on it as well', () => {
    const emulated = lane({ basis: 'tcg+svm', strips: [{ cell, spells: [{ value: failed, count: 3 }] }] });
    const hardware = lane({ strips: [{ cell, spells: [{ value: passed, count: 3 }] }] });

    for (const lanes of [
      [emulated, hardware],
      [hardware, emulated],
    ]) {
      expect(on(chronicle(...lanes), '2026-11-21')[0]?.outcome).toEqual(passed);
    }
  });

  it.each([
    [
      'on another basis',
      { basis: 'tcg+svm' },
      'on qemu:built (kvm) in the base, on qemu:built (tcg+svm) in the run',
    ],
    [
      'in a container',
      { basis: 'userspace', variant: 'docker' },
      'on qemu:built (kvm) in the base, on docker (userspace) in the run',
    ],
  ] as const)('%s alone is not compared with one that was not', (_, other, because) => {
    const once = lane({
      runs: ['a'],
      seconds: [1],
      strips: [{ cell, spells: [{ value: passed, count: 1 }] }],
    });
    const then = lane({
      ...{ runs: ['c'], seconds: [1], ...other },
      strips: [{ cell, spells: [{ value: failed, count: 1 }] }],
    });
    const told = chronicle(once, then);
    const { base, run: now } = comparedNights(told, ['2026-11-20', '2026-11-21']);
    const differences = differencesOf(base, now);

    expect(differences.all).toMatchObject([{ kind: 'not-comparable', because }]);
    expect(differences.compared).toBe(0);
  });

  it('is not told by a container where a machine was had for it, on either night', () => {
    const container = lane({
      ...{ basis: 'userspace', variant: 'docker' },
      strips: [{ cell, spells: [{ value: passed, count: 3 }] }],
    });
    const machine = lane({
      strips: [
        {
          cell,
          spells: [
            { value: passed, count: 1 },
            { value: { status: 'errored' }, count: 2 },
          ],
        },
      ],
    });
    const { base, run: now } = comparedNights(chronicle(container, machine), ['2026-11-20', '2026-11-21']);

    expect(differencesOf(base, now).all).toMatchObject([
      { kind: 'not-comparable', because: 'errored in the run' },
    ]);
    expect(kindOn(chronicle(container))).toEqual(['same']);
  });

  it('is red after another by what changed between them, each told once', () => {
    const broke = lane({
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
        Kata: [
          { value: '4.1.0', count: 1 },
          { value: '4.2.0', count: 2 },
        ],
        'Kata next': [
          { value: '4.2.0', count: 1 },
          { value: '4.3.0', count: 2 },
        ],
      },
    });
    const one = chronicle(
      broke,
      { ...broke, basis: 'tcg+svm' },
      { ...broke, release: 'debian-12', strips: [] },
    );

    expect(kindOn(one)).toEqual(['new-red']);
    expect(changesBetween(one, '2026-11-20', '2026-11-21')).toEqual([
      { of: 'host', name: 'qemu', was: '7.2.21', is: '7.2.22' },
      { of: 'kata', name: 'Kata', was: '4.1.0', is: '4.2.0' },
      { of: 'kata', name: 'Kata next', was: '4.2.0', is: '4.3.0' },
      { of: 'package', release: 'debian-13', name: 'virtiofsd', was: '1.13.2-1', is: '1.13.2-2' },
      { of: 'package', release: 'debian-12', name: 'virtiofsd', was: '1.13.2-1', is: '1.13.2-2' },
    ]);
  });

  it('has no suspects of a container where its release had a machine', () => {
    const versions = (was: string, is: string) => ({
      runc: [
        { value: was, count: 1 },
        { value: is, count: 2 },
      ],
    });
    const machine = lane({ versions: versions('1.1', '1.1') });
    const container = lane({ basis: 'userspace', variant: 'docker', versions: versions('1.1', '1.2') });
    const names = (...lanes: readonly Lane[]) =>
      changesBetween(chronicle(...lanes), '2026-11-20', '2026-11-21').map(({ name }) => name);

    expect(names(machine, container)).toEqual(['qemu']);
    expect(names(container)).toEqual(['qemu', 'runc']);
  });

  it('that does not tell of its packages has lost none', () => {
    const untold = lane({
      versions: {
        virtiofsd: [
          { value: '1.13.2-1', count: 1 },
          { value: '', count: 2 },
        ],
        kernel: [
          { value: '', count: 1 },
          { value: '6.12', count: 2 },
        ],
      },
    });

    expect(changesBetween(chronicle(untold), '2026-11-20', '2026-11-21').map(({ name }) => name)).toEqual([
      'qemu',
    ]);
  });

  it('excuses a red by a known issue that is good on its day', () => {
    const known = {
      ...chronicle(
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
        }),
      ),
    };
    const reds = { r1: { message: 'no token', known: ['kata-9375'] } };
    const issue = (expires: string) => ({
      ...{ id: 'kata-9375', title: 'it hangs', class: 'hang', evidence: 'token', packages: {} },
      scope: { releases: ['*'], stacks: ['*'], scenarios: ['*'] },
      ...{ tracker: 'https://example.org/9375', confirmed: '2026-11-01', expires },
    });
    const kinds = (expires: string) => {
      const sides = comparedNights({ ...known, reds }, ['2026-11-20', '2026-11-21'], [issue(expires)]);
      return differencesOf(sides.base, sides.run).all.map(({ kind }) => kind);
    };

    expect(kinds('2026-12-31')).toEqual(['new-known']);
    expect(kinds('2026-11-19')).toEqual(['new-red']);
  });

  it('is the same failure by the class of its finding', () => {
    const both = chronicle(
      lane({
        strips: [
          {
            cell,
            spells: [
              { value: failed, count: 1 },
              { value: { ...failed, red: 'r2' }, count: 2 },
            ],
          },
        ],
      }),
    );
    const finding = { component: 'distro-vmm', class: 'qemu-exited' } as const;
    const reds = { r1: { message: 'no token', finding }, r2: { message: 'gone', finding } };

    expect(kindOn({ ...both, reds })).toEqual(['still-red']);
  });

  it('that is not there has no cells', () => {
    expect(daysIn(chronicle())).toEqual(['2026-11-20', '2026-11-21']);
    expect(
      on(chronicle(lane({ strips: [{ cell, spells: [{ value: passed, count: 3 }] }] })), '2026-11-19'),
    ).toEqual([]);
  });
});

describe('a cell that one night alone has', () => {
  const absent = { status: 'absent' } as const;
  const other = 'debian-13/host/host.boot';
  const once = (rest: Partial<Lane> = {}) =>
    lane({
      strips: [
        { cell: other, spells: [{ value: passed, count: 3 }] },
        {
          cell,
          spells: [
            { value: passed, count: 1 },
            { value: absent, count: 2 },
          ],
        },
      ],
      ...rest,
    });
  const asking = (told: Chronicle, command: readonly string[]): Chronicle => ({
    ...told,
    runs: told.runs.map((one) => ({ ...one, command })),
  });

  it('is gone where its release was run as a whole', () => {
    expect(kindOn(chronicle(once()))).toEqual(['same', 'gone']);
    expect(kindOn(chronicle(once()), ['2026-11-21', '2026-11-20'])).toEqual(['same', 'new']);
  });

  it('was just not run where its release was not', () => {
    const elsewhere = lane({
      release: 'debian-12',
      strips: [{ cell: 'debian-12/host/host.boot', spells: [{ value: passed, count: 3 }] }],
    });
    const before = lane({
      runs: ['a'],
      seconds: [1],
      strips: [{ cell, spells: [{ value: passed, count: 1 }] }],
    });

    expect(kindOn(chronicle(elsewhere, before))).toEqual(['same', 'not-run']);
    expect(kindOn(chronicle(elsewhere, before), ['2026-11-21', '2026-11-20'])).toEqual(['same', 'not-run']);
  });

  it.each([
    ['another scenario', ['debian-13', '--scenario', 'host.*'], 'not-run'],
    ['another stack', ['debian-13', '--stack', 'clh', '--stack', 'host'], 'not-run'],
    ['a part of the plan', ['debian-13', '--shard', '1/3'], 'not-run'],
    ['its scenario among others', ['debian-13', '--scenario', 'host.*', '--scenario', 'vmm.*'], 'gone'],
    ['its stack', ['debian-13', '--stack', 'qemu'], 'gone'],
  ])('by what was asked for: %s', (_, command, kind) => {
    expect(kindOn(asking(chronicle(once()), command))).toContain(kind);
  });

  it('of Kata was just not run where there was no Kata', () => {
    const uname = 'debian-13/qemu/kata.uname';
    const told = chronicle(
      once({
        strips: once().strips.map((strip) => (strip.cell === cell ? { ...strip, cell: uname } : strip)),
      }),
    );
    const withKata = { ...told, runs: told.runs.map((one) => ({ ...one, katas: ['4.1.0'] })) };

    expect(askedOn(told, '2026-11-21')(cellFrom(uname))).toBe(false);
    expect(kindOn(told)).toContain('not-run');
    expect(kindOn(withKata)).toContain('gone');
  });
});
