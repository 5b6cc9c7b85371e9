import { describe, expect, it } from 'vitest';
import { type CellStanding, standingOf, standingsOf } from '../../../src/domain/cell-standing.ts';
import { chronicleOf } from '../../../src/domain/chronicle-of.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { boot, errored, flaky, nightOn, type Told, uname } from './nights-like.ts';
import { failedTwice, passed } from './run-like.ts';

/** How a cell stands after nights of one letter each: what came of it, on consecutive days. */
function standingAfter(
  letters: string,
  change: (day: number) => Partial<Told> = () => ({}),
): CellStanding | undefined {
  const runs = [...letters].map((letter, index) =>
    nightOn(index + 1, {
      cells: { 'debian-13/host/host.boot': passed, ...(letter in stories && { [boot]: stories[letter] }) },
      ...change(index + 1),
    }),
  );
  return standingOf(chronicleOf(runs), boot);
}

const hang: readonly Outcome[] = [{ status: 'failed', step: 'boot', class: 'hang', message: 'no answer' }];
const stories: Readonly<Record<string, readonly Outcome[] | undefined>> = {
  ...{ g: passed, r: failedTwice, h: hang, f: flaky, e: errored, m: undefined },
};

describe('since when a cell is what it is', () => {
  it.each([
    ['a green from its first night', 'ggg', '2026-11-01'],
    ['a green after reds', 'grrgg', '2026-11-04'],
    ['a red', 'ggrr', '2026-11-03'],
    ['a red of another kind than the one before', 'grrhh', '2026-11-04'],
    ['a red through nights without a verdict', 'grermr', '2026-11-02'],
    ['a green through a flake', 'rgfg', '2026-11-02'],
    ['a flake', 'gggf', '2026-11-04'],
    ['what the farm could not do', 'ggee', '2026-11-03'],
    ['what was not run to its end', 'gem', '2026-11-03'],
    ['a cell that nobody asked for in between', 'g  gg', '2026-11-01'],
  ])('%s', (_, letters, since) => {
    expect(standingAfter(letters)?.since).toBe(since);
  });

  it('is nothing of a cell that was never planned', () => {
    expect(standingAfter('  ')).toBeUndefined();
  });

  it('goes on where figures alone are another, and ends where another component is found', () => {
    const finding = (component: Finding['component']): Finding => ({
      ...{ component, because: [], evidence: [], versions: {} },
    });
    const night = (day: number, component: Finding['component']) =>
      nightOn(
        day,
        { cells: { [boot]: [{ status: 'failed', message: `no token after ${day} s` }] } },
        { findings: { [boot]: finding(component) } },
      );
    const runs = [night(1, 'distro-vmm'), night(2, 'distro-vmm'), night(3, 'kata'), night(4, 'kata')];

    expect(standingOf(chronicleOf(runs), boot)?.since).toBe('2026-11-03');
    expect(standingOf(chronicleOf(runs.slice(0, 2)), boot)?.since).toBe('2026-11-01');
  });
});

describe('when a cell last worked', () => {
  it('names the last green night, the first red one after it, and what changed in between', () => {
    const standing = standingAfter('ggerr', (day) => ({
      qemu: day < 3 ? '1.0-1' : '1.1-1',
      image: `d${day}`,
    }));

    expect(standing).toMatchObject({
      now: { run: 'n5', status: 'failed', red: { message: 'no token', step: 'boot' } },
      lastGreen: { run: 'n2' },
      firstRed: { run: 'n4' },
      changed: [
        { name: 'image', was: 'd2', is: 'd4' },
        { name: 'qemu-system-x86', was: '1.0-1', is: '1.1-1' },
      ],
    });
  });

  it('has no first red once it is green again, whatever the farm could not do since', () => {
    const standing = standingAfter('grge');

    expect(standing?.firstRed).toBeUndefined();
    expect(standing).toMatchObject({ now: { status: 'errored' }, lastGreen: { run: 'n3' }, changed: [] });
  });

  it('names the Kata of the cell, which is no change of other cells', () => {
    const runs = [passed, failedTwice].map((told, index) =>
      nightOn(index + 1, { cells: { [boot]: told, [uname]: told }, kata: `4.${index + 1}.0` }),
    );

    expect(standingOf(chronicleOf(runs), uname)?.changed).toEqual([
      { name: 'Kata', was: '4.1.0', is: '4.2.0' },
    ]);
    expect(standingOf(chronicleOf(runs), boot)?.changed).toEqual([]);
  });

  it('takes what a night does not tell for no change', () => {
    expect(standingAfter('gr', (day) => ({ qemu: day === 1 ? '1.0-1' : '' }))?.changed).toEqual([]);
  });
});

describe('a flaky cell', () => {
  it.each([
    ['red and then green in one night', 'ggfg', true, 1, 0],
    ['both ways from night to night, with nothing changed', 'grg', true, 0, 2],
    ['red and then green, which is a fix', 'rrg', false, 0, 1],
    ['green and then red, which is news', 'ggr', false, 0, 1],
    ['a night without a verdict in between', 'gerg', true, 0, 2],
  ])('%s', (_, letters, isFlaky, count, flips) => {
    expect(standingAfter(letters)?.flakes).toMatchObject({ isFlaky, flaky: count, flips });
  });

  it('is none where each turn came with a version', () => {
    const flakes = standingAfter('grgrg', (day) => ({ qemu: `1.${day}-1` }))?.flakes;

    expect(flakes).toEqual({ flaky: 0, of: 5, flips: 0, pairs: 0, isFlaky: false });
  });

  it('is one where an image was built anew of the same packages', () => {
    expect(standingAfter('grg', (day) => ({ image: `d${day}` }))?.flakes.isFlaky).toBe(true);
    expect(standingAfter('grg', (day) => ({ image: `d${day}`, qemu: '' }))?.flakes.isFlaky).toBe(false);
  });

  it('is none for being new, or asked for again', () => {
    expect(standingAfter('   r')?.flakes).toMatchObject({ of: 1, isFlaky: false });
    expect(standingAfter('g   r')?.flakes).toMatchObject({ of: 2, flips: 1, isFlaky: false });
  });

  it('is forgotten once twenty nights said nothing of the kind', () => {
    expect(standingAfter(`f${'g'.repeat(19)}`)?.flakes).toMatchObject({ flaky: 1, of: 20, isFlaky: true });
    expect(standingAfter(`f${'g'.repeat(20)}`)?.flakes).toMatchObject({ flaky: 0, of: 20, isFlaky: false });
  });
});

describe('which of its nights stand for a cell', () => {
  it('are those on the best basis of late', () => {
    const standing = standingAfter('grg', (day) => ({ speed: day === 2 ? 'tcg+svm' : 'kvm' }));

    expect(standing).toMatchObject({ basis: 'kvm', now: { run: 'n3' } });
    expect(standing?.nights.map(({ run }) => run)).toEqual(['n1', 'n3']);
  });

  it('are those on a worse basis once there was no better one for a month', () => {
    const late = [1, 2].map((day) =>
      nightOn(
        day,
        { cells: { [boot]: failedTwice }, speed: 'tcg+svm' },
        { id: `l${day}`, on: `2027-01-0${day}` },
      ),
    );
    const chronicle = chronicleOf([nightOn(1, { cells: { [boot]: passed } }), ...late]);

    expect(standingOf(chronicle, boot)).toMatchObject({ basis: 'tcg+svm', now: { run: 'l2' } });
  });

  it('end with a night in which its machines never came up', () => {
    const standing = standingAfter('gm', (day) => ({ speed: day === 2 ? 'none' : 'kvm' }));

    expect(standing).toMatchObject({
      basis: 'kvm',
      now: { run: 'n2', status: 'missing' },
      since: '2026-11-02',
    });
  });

  it('are never those of a container beside a machine, however much newer they are', () => {
    const container = (letter: string, on: string) =>
      nightOn(
        1,
        { cells: { [boot]: stories[letter] }, speed: 'none' },
        { id: `c-${on}`, variant: 'docker', on },
      );
    const machine = nightOn(1, { cells: { [boot]: passed } });

    for (const [letter, on] of [
      ['r', '2026-11-02'],
      ['r', '2027-03-01'],
      ['m', '2026-11-02'],
    ] as const) {
      expect(standingOf(chronicleOf([machine, container(letter, on)]), boot)).toMatchObject({
        ...{ basis: 'kvm', now: { run: 'n1', status: 'passed' }, since: '2026-11-01' },
        nights: [{ run: 'n1' }],
      });
    }
  });

  it('are told of every cell, one after the other', () => {
    const chronicle = chronicleOf([nightOn(1, { cells: { [uname]: passed, [boot]: failedTwice } })]);

    expect([...standingsOf(chronicle)].map(([cell, { now }]) => [cell, now.status])).toEqual([
      [uname, 'passed'],
      [boot, 'failed'],
    ]);
  });
});
