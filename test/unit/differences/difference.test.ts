import { describe, expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { Compared } from '../../../src/domain/compared.ts';
import { differencesOf, whicheverKata } from '../../../src/domain/difference.ts';
import { exitOf } from '../../../src/domain/fail-on.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import type { Failed, Outcome } from '../../../src/domain/outcome.ts';

const green: Outcome = { status: 'passed' };
const flaky: Outcome = { status: 'passed', flaky: true };
const degraded: Outcome = { status: 'passed', degraded: ['a sysctl was set'] };
const red: Failed = { status: 'failed', step: 'start', message: 'no token' };
const errored: Outcome = { status: 'errored', phase: 'clone', message: 'the machine was lost' };
const skipped: Outcome = { status: 'skipped', because: 'not packaged by this distro: kata' };
const blocked: Outcome = { status: 'blocked', by: 'debian-13/runc/control.runc' };

const side = (outcome: Outcome | undefined, kata?: string): Compared => ({
  cell: cellOf('debian-13', 'qemu', 'kata.uname', kata),
  ...(outcome && { outcome }),
});
const kindOf = (base: Outcome | undefined, run: Outcome | undefined) =>
  differencesOf([side(base)], [side(run)]).all[0]?.kind;

describe('a cell on two sides', () => {
  it.each([
    ['new-red', green, red, 1],
    ['new-red', degraded, red, 1],
    ['new-green', red, green, 0],
    ['still-red', red, red, 0],
    ['same', green, green, 0],
    ['degraded', green, degraded, 0],
    ['same', degraded, degraded, 0],
    ['flaky', flaky, red, 0],
    ['flaky', red, flaky, 0],
    ['flaky', green, flaky, 0],
    ['same', flaky, flaky, 0],
    ['same', skipped, skipped, 3],
    ['not-comparable', errored, red, 3],
    ['not-comparable', green, errored, 3],
    ['not-comparable', green, blocked, 3],
    ['not-comparable', skipped, red, 3],
    ['not-comparable', undefined, red, 3],
    ['not-comparable', green, undefined, 3],
  ] as const)('is %s where it is %o first and %o now, and alone exits %d', (kind, base, run, exit) => {
    const differences = differencesOf([side(base)], [side(run)]);

    expect(differences.all).toMatchObject([{ kind }]);
    expect(differences.counts[kind]).toBe(1);
    expect(exitOf(differences)).toBe(exit);
  });

  it.each([
    ['figures and ids alone', 'sandbox 3f9a0bc1d2 did not answer in 14373 ms', 'still-red'],
    ['words', 'vhost-user: no connection', 'changed-red'],
  ])('that is red on both is told by what it said, where %s differ', (_, message, kind) => {
    const before = { ...red, message: 'sandbox 77de01aa90 did not answer in 9012 ms' };

    expect(kindOf(before, { ...red, message })).toBe(kind);
  });

  it.each([
    [
      'of one class, whatever it says',
      { class: 'hang', message: 'one' },
      { class: 'hang', message: 'two' },
      'still-red',
    ],
    ['of two classes', { class: 'hang' }, { class: 'qemu-exited' }, 'changed-red'],
    ['of one class in another step', { class: 'hang' }, { class: 'hang', step: 'stop' }, 'changed-red'],
    ['of one step, and one has no class', { class: 'hang' }, {}, 'still-red'],
  ] as const)('is one failure or two: %s', (_, base, run, kind) => {
    expect(kindOf({ ...red, ...base }, { ...red, ...run })).toBe(kind);
  });

  it('has the class that a finding gave it', () => {
    const found = (kind: string) => ({ class: kind }) as Finding;
    const base = { ...side(red), finding: found('virtiofsd-exited') };
    const run = { ...side({ ...red, message: 'something else' }), finding: found('virtiofsd-exited') };

    expect(differencesOf([base], [run]).counts['still-red']).toBe(1);
  });
});

describe('a cell that one side alone has', () => {
  it.each([
    ['new', 'red', [], [side(red)]],
    ['new', 'green', [], [side(green)]],
    ['gone', 'red', [side(red)], []],
    ['gone', 'green', [side(green)], []],
  ] as const)('is %s where it is %s, and no regression', (kind, _, base, run) => {
    const differences = differencesOf(base, run);

    expect(differences.counts[kind]).toBe(1);
    expect(differences.counts['new-red'] + differences.counts.flaky).toBe(0);
    expect(exitOf(differences)).toBe(3);
  });

  it('is not comparable where it has no verdict', () => {
    expect(differencesOf([], [side(errored)]).all[0]).toMatchObject({
      kind: 'not-comparable',
      because: 'not in the base, errored in the run',
    });
  });
});

describe('two sides', () => {
  it('pair a cell with its twin of another Kata where they are told to, and else do not', () => {
    const [base, run] = [[side(green, 'against')], [side(red)]];

    expect(differencesOf(base, run, { keyOf: whicheverKata }).counts['new-red']).toBe(1);
    expect(differencesOf(base, run).all.map(({ kind }) => kind)).toEqual(['new', 'gone']);
  });

  it('count a new failure even where all else could not be compared, and never what one side alone has', () => {
    const other = (outcome: Outcome): Compared => ({
      cell: cellOf('debian-13', 'clh', 'kata.uname'),
      outcome,
    });

    expect(exitOf(differencesOf([side(green), other(errored)], [side(red), other(red)]))).toBe(1);
    expect(exitOf(differencesOf([side(green)], [side(green), other(red)]))).toBe(0);
  });

  it('are strictly compared in all their cells', () => {
    const other = (outcome: Outcome): Compared => ({
      cell: cellOf('debian-13', 'clh', 'kata.uname'),
      outcome,
    });
    const differences = differencesOf([side(green), other(green)], [side(green), other(errored)]);

    expect(exitOf(differences)).toBe(0);
    expect(exitOf(differences, { strict: true })).toBe(3);
  });

  it('that hold nothing could not be compared', () => {
    expect(exitOf(differencesOf([], []))).toBe(3);
  });
});
