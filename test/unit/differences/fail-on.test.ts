import { describe, expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { Compared } from '../../../src/domain/compared.ts';
import { differencesOf } from '../../../src/domain/difference.ts';
import { exitOf, type FailOn } from '../../../src/domain/fail-on.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';

const green: Outcome = { status: 'passed' };
const red: Outcome = { status: 'failed', message: 'no token' };
const flaky: Outcome = { status: 'passed', flaky: true };

const side = (outcome: Outcome, scenario: 'kata.uname' | 'kata.net' = 'kata.uname'): Compared => ({
  cell: cellOf('debian-13', 'qemu', scenario),
  outcome,
});

describe('what fails a comparison', () => {
  it.each([
    ['a new failure', green, red, { 'new-failure': 1, failure: 1, change: 1, never: 0 }],
    ['an old failure', red, red, { 'new-failure': 0, failure: 1, change: 0, never: 0 }],
    ['something mended', red, green, { 'new-failure': 0, failure: 0, change: 1, never: 0 }],
    ['something flaky', green, flaky, { 'new-failure': 0, failure: 0, change: 1, never: 0 }],
    ['nothing', green, green, { 'new-failure': 0, failure: 0, change: 0, never: 0 }],
  ] as const)('is said by whoever asks, of %s', (_, base, run, codes) => {
    const differences = differencesOf([side(base)], [side(run)]);

    const found = Object.keys(codes).map((failOn) => [
      failOn,
      exitOf(differences, { failOn: failOn as FailOn }),
    ]);

    expect(Object.fromEntries(found)).toEqual(codes);
  });

  it('is never a scenario that is new, unless any failure or change is asked for', () => {
    const differences = differencesOf([side(green)], [side(green), side(red, 'kata.net')]);

    expect(exitOf(differences)).toBe(0);
    expect(exitOf(differences, { failOn: 'failure' })).toBe(1);
    expect(exitOf(differences, { failOn: 'change' })).toBe(1);
  });

  it('is strictly what one side lacks', () => {
    const differences = differencesOf([side(green), side(green, 'kata.net')], [side(green)]);

    expect(exitOf(differences, { strict: true })).toBe(3);
  });
});
