import { describe, expect, it } from 'vitest';
import { askedIn } from '../../../src/domain/asked.ts';
import { comparedIn } from '../../../src/domain/compared.ts';
import { differencesOf } from '../../../src/domain/difference.ts';
import type { Run } from '../../../src/domain/run.ts';
import { differencesPage, differencesText } from '../../../src/report/differences.ts';
import { failedTwice, passed, runLike } from '../domain/run-like.ts';

const boot = 'debian-13/host/host.boot';
const probe = 'debian-13/qemu/vmm.qemu.probe';
const other = 'debian-12/host/host.boot';
const withInputs = (run: Run, ...names: readonly string[]): Run => ({
  ...run,
  inputs: Object.fromEntries(names.map((name) => [name, 'd1'])),
});
const between = (base: Run, run: Run) =>
  differencesOf(comparedIn(base), comparedIn(run), { asked: { base: askedIn(base), run: askedIn(run) } });
const kinds = (base: Run, run: Run) =>
  Object.fromEntries(between(base, run).all.map(({ cell, kind }) => [cell.id, kind]));

describe('a cell that one run alone has', () => {
  const whole = runLike({ id: 'a', cells: { [boot]: passed, [probe]: passed, [other]: failedTwice } });
  const one = runLike({ id: 'b', cells: { [boot]: passed } });

  it('was just not run where its release was not', () => {
    expect(kinds(whole, one)).toEqual({ [boot]: 'same', [probe]: 'gone', [other]: 'not-run' });
    expect(kinds(one, whole)).toEqual({ [boot]: 'same', [probe]: 'new', [other]: 'not-run' });
  });

  it('was just not run where there still is its scenario', () => {
    const still = withInputs(one, 'host.boot', 'vmm.qemu.probe');
    const noMore = withInputs(one, 'host.boot');

    expect(kinds(whole, still)[probe]).toBe('not-run');
    expect(kinds(whole, noMore)[probe]).toBe('gone');
    expect(kinds(still, whole)[probe]).toBe('not-run');
    expect(kinds(noMore, whole)[probe]).toBe('new');
  });

  it('is told apart from what is gone, its reds by their names', () => {
    const many = Array.from({ length: 9 }, (_, index) => `debian-12/host/host.c${index}`);
    const full = runLike({
      id: 'c',
      cells: { ...Object.fromEntries(many.map((id) => [id, passed])), [boot]: passed, [other]: failedTwice },
    });
    const sides = { title: 'c beside b', base: 'b', run: 'c' };
    const text = differencesText(between(one, full), sides);
    const [page] = differencesPage(between(one, full), sides);

    expect(text).toContain('no new failure in 1 cell compared; 10 were not run on one side');
    expect(text).toMatch(
      /Not run on one side: neither new nor gone\n {2}not asked for in the base: 10 cells of debian-12\n {4}debian-12\/host\/host\.boot: .*no token/,
    );
    expect(text).not.toContain('host.c1');
    expect(page?.text).toContain('not asked for in the base: 10 cells of debian-12');
  });
});
