import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import { nightsOfCell, nightsOfStrip } from '../../../src/domain/cell-nights.ts';
import { type Chronicle, noChronicle } from '../../../src/domain/chronicle.ts';
import { mergeChronicles } from '../../../src/domain/chronicle-merge.ts';
import { chronicleOf } from '../../../src/domain/chronicle-of.ts';
import { anyNight, boot, errored, flaky, nightOn, uname } from './nights-like.ts';
import { failedTwice, passed } from './run-like.ts';

const anyChronicle = fc.array(anyNight, { maxLength: 8 }).map(chronicleOf);

const nightsIn = (chronicle: Chronicle, cell: CellId) =>
  chronicle.lanes.flatMap((lane) =>
    nightsOfCell(chronicle, lane, cell).map(({ run, status }) => `${run} ${status}`),
  );

const often = { numRuns: 60 };

describe('merging chronicles', { timeout: 60_000 }, () => {
  it('gives the same in any order', () => {
    fc.assert(
      fc.property(anyChronicle, anyChronicle, (a, b) => {
        expect(mergeChronicles([a, b])).toEqual(mergeChronicles([b, a]));
      }),
      often,
    );
  });

  it('gives the same in any steps', () => {
    fc.assert(
      fc.property(anyChronicle, anyChronicle, anyChronicle, (a, b, c) => {
        const left = mergeChronicles([mergeChronicles([a, b]), c]);
        const right = mergeChronicles([a, mergeChronicles([b, c])]);

        expect(left).toEqual(right);
        expect(mergeChronicles([c, a, b])).toEqual(left);
      }),
      often,
    );
  });

  it('learns nothing from what it knows already, nor from nothing', () => {
    fc.assert(
      fc.property(anyChronicle, anyChronicle, (a, b) => {
        const all = mergeChronicles([a, b]);

        expect(mergeChronicles([all, a, noChronicle, all, structuredClone(all)])).toEqual(all);
      }),
      often,
    );
  });

  it('is what all runs tell at once', () => {
    fc.assert(
      fc.property(fc.array(anyNight, { maxLength: 10 }), fc.nat(10), (runs, cut) => {
        const parts = [runs.slice(0, cut), runs.slice(cut)].map(chronicleOf);

        expect(mergeChronicles(parts)).toEqual(chronicleOf(runs));
      }),
      often,
    );
  });

  it('loses no cell of a run that is told of once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyNight, { selector: ({ id }) => id, maxLength: 12 }), (runs) => {
        const chronicle = chronicleOf(runs);
        const planned = runs.flatMap(({ id, plan }) =>
          plan.batches.flatMap(({ cells }) => cells.map((cell) => `${id} ${cell.id}`)),
        );
        const told = chronicle.lanes.flatMap((lane) =>
          lane.strips.flatMap((strip) =>
            nightsOfStrip(chronicle, lane, strip)
              .filter(({ status }) => status !== 'skipped')
              .map(({ run }) => `${run} ${strip.cell}`),
          ),
        );

        expect(told.toSorted()).toEqual(planned.toSorted());
      }),
      often,
    );
  });
});

describe('a run that was gone on with', () => {
  const whole = nightOn(1, { cells: { [boot]: passed, [uname]: failedTwice } });
  const { endedAt: _, ...cut } = nightOn(1, { cells: { [boot]: passed, [uname]: undefined } });

  it.each([
    ['before', [cut, whole]],
    ['after', [whole, cut]],
  ])('counts as the fuller, if the shorter is told %s', (_name, runs) => {
    const chronicle = chronicleOf(runs);

    expect(nightsIn(chronicle, uname)).toEqual(['n1 failed']);
    expect(chronicle.runs).toMatchObject([{ id: 'n1' }]);
    expect(chronicle.runs[0]).not.toHaveProperty('cut');
  });

  it('counts as the later where both tell of as many cells', () => {
    const later = {
      ...nightOn(1, { cells: { [boot]: passed, [uname]: passed } }),
      endedAt: '2026-11-02T05:00:00.000Z',
    };

    expect(nightsIn(chronicleOf([later, whole]), uname)).toEqual(['n1 passed']);
    expect(nightsIn(chronicleOf([whole, later]), uname)).toEqual(['n1 passed']);
  });

  it('stands on the basis of what counts alone', () => {
    const lost = nightOn(1, { cells: { [boot]: undefined, [uname]: undefined }, speed: 'none' });

    expect(chronicleOf([lost, whole]).lanes.map(({ basis }) => basis)).toEqual(['kvm']);
  });
});

describe('what a chronicle keeps', { timeout: 30_000 }, () => {
  it('tells what was planned and not run from what was skipped, and from what nobody asked for', () => {
    const clh = 'debian-13/clh/kata.uname';
    const chronicle = chronicleOf([
      nightOn(1, { cells: { [boot]: passed, [uname]: passed, [clh]: passed } }),
      nightOn(2, {
        cells: { [boot]: passed, [uname]: undefined },
        skipped: { [clh]: 'not packaged by this distro' },
      }),
      nightOn(3, { cells: { [boot]: passed } }),
    ]);

    expect(nightsIn(chronicle, uname)).toEqual(['n1 passed', 'n2 missing']);
    expect(nightsIn(chronicle, clh)).toEqual(['n1 passed', 'n2 skipped']);
    expect(chronicle.lanes[0]?.strips.findLast(({ cell }) => cell === clh)?.spells.at(-1)?.value).toEqual({
      status: 'absent',
    });
    expect(Object.values(chronicle.reds)).toEqual([{ message: 'not packaged by this distro' }]);
  });

  it('marks a run that a signal or the death of the farm cut short', () => {
    const { endedAt: _, ...died } = nightOn(1, { cells: { [boot]: passed } });
    const runs = [
      died,
      { ...nightOn(2, { cells: {} }), interrupted: 'SIGTERM' },
      nightOn(3, { cells: { [boot]: passed } }),
    ];

    expect(chronicleOf(runs).runs.map(({ id, cut }) => [id, cut])).toEqual([
      ['n1', true],
      ['n2', true],
      ['n3', undefined],
    ]);
  });

  it('has nothing of a run that was modified by hand', () => {
    const modified = { ...nightOn(1, { cells: { [boot]: failedTwice } }), modified: ['--prepare fix.sh'] };

    expect(chronicleOf([modified])).toEqual(noChronicle);
  });

  it('says a failure once, however often it comes and whatever its figures', () => {
    const failed = (message: string) => [{ status: 'failed', step: 'start', message }] as const;
    const chronicle = chronicleOf([
      nightOn(1, { cells: { [boot]: failed('sandbox 0a1b2c3d4e5f: no token after 41 s') } }),
      nightOn(2, { cells: { [boot]: failed('sandbox 9f8e7d6c5b4a: no token after 60 s') } }),
      nightOn(3, { cells: { [boot]: failed('the kernel panicked') } }),
    ]);

    expect(
      Object.values(chronicle.reds)
        .map(({ message }) => message)
        .toSorted(),
    ).toEqual(['sandbox 0a1b2c3d4e5f: no token after 41 s', 'the kernel panicked']);
    expect(chronicle.lanes[0]?.strips[0]?.spells.map(({ count }) => count)).toEqual([2, 1]);
  });

  it('knows what a flaky cell and an errored one said', () => {
    const chronicle = chronicleOf([nightOn(1, { cells: { [boot]: flaky, [uname]: errored } })]);

    expect(nightsIn(chronicle, boot)).toEqual(['n1 flaky']);
    expect(Object.values(chronicle.reds)).toEqual(
      expect.arrayContaining([
        { message: 'no token', step: 'boot' },
        { message: 'no answer', phase: 'boot' },
      ]),
    );
  });

  it('takes versions of packages, image and Kata, and the seconds of a release', () => {
    const chronicle = chronicleOf([
      nightOn(1, { cells: { [boot]: passed, [uname]: failedTwice }, image: 'd1'.repeat(32) }),
      nightOn(2, { cells: { [boot]: passed }, qemu: '1.1-1', kata: '4.2.0' }),
    ]);

    expect(chronicle.lanes).toMatchObject([
      {
        ...{ release: 'debian-13', variant: 'qemu:built', basis: 'kvm', runs: ['n1', 'n2'], seconds: [3, 1] },
        versions: {
          Kata: [
            { value: '4.1.0', count: 1 },
            { value: '4.2.0', count: 1 },
          ],
          image: [
            { value: 'd1d1d1d1d1d1', count: 1 },
            { value: 'd1', count: 1 },
          ],
          'qemu-system-x86': [
            { value: '1.0-1', count: 1 },
            { value: '1.1-1', count: 1 },
          ],
        },
      },
    ]);
  });

  it('has no line break, escape, bidirectional mark or long text, whatever machines said', () => {
    const hostile = `\u001b[31mred\u001b[0m\n\u202eevil\u0000 <script>alert(1)</script>`;
    const message = `${hostile} ${'x'.repeat(2 ** 20)}`;
    const chronicle = chronicleOf([
      nightOn(
        1,
        { cells: { [boot]: [{ status: 'failed', step: hostile, message }] }, qemu: hostile },
        { host: { cpu: hostile, cores: 2 } },
      ),
    ]);

    const text = JSON.stringify(chronicle);

    expect(text.length).toBeLessThan(3000);
    expect(text).not.toMatch(/[\p{Cc}\u202e]|\\u00|\\n/u);
    expect(text).toContain('red evil <script>');
  });
});
