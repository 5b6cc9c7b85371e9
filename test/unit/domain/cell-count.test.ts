import { describe, expect, it } from 'vitest';
import { cellCounts } from '../../../src/commands/add-expect.ts';
import { unmet } from '../../../src/domain/cell-count.ts';
import { exitCodeOf } from '../../../src/domain/exit-code.ts';
import { failedTwice, passed, runLike } from './run-like.ts';

const run = runLike({
  cells: {
    'debian-12/runc/control.runc': passed,
    'debian-12/qemu/vmm.qemu.boot': [{ status: 'errored', phase: 'boot', message: 'no answer' }],
    'debian-13/runc/control.runc': passed,
    'debian-13/qemu/vmm.qemu.boot': failedTwice,
    'debian-13/qemu/vmm.qemu.probe': passed,
  },
  skipped: { 'debian-13/clh/vmm.clh.boot': 'not packaged by this distro: none' },
});
const missed = (text: string) => unmet(run, cellCounts(text));

describe('what a run is expected to come to', () => {
  it.each([
    'control.runc=1 per distro',
    'vmm.*>=2',
    'vmm.*>1',
    'vmm.*<3',
    'vmm.*<=2',
    'vmm.clh.boot=0',
    '*>=1 per distro',
    ' control.runc >= 1  per distro ',
  ])('is met by %s', (text) => {
    expect(missed(text)).toEqual([]);
  });

  it.each([
    ['vmm.qemu.*>=1 per distro', 'debian-12 has 0'],
    ['vmm.qemu.*=1 per distro', 'debian-12 has 0, debian-13 has 2'],
    ['vmm.*>=3', '2 executed (debian-12 0, debian-13 2)'],
    ['vmm.*>2', '2 executed (debian-12 0, debian-13 2)'],
    ['kata.uname>=1 per distro', 'kata.uname means no scenario of this run'],
    ['kata.uname<=5', 'kata.uname means no scenario of this run'],
  ])('is missed by %s: %s', (text, lack) => {
    expect(missed(text)).toEqual([`--expect '${text}': ${lack}`]);
  });

  it.each([
    ['kata.uname', /a comparison is missing: 'kata\.uname>=1 per distro'/],
    ['kata.uname>=1 per release', /what may end it is "per distro"/],
    ['kata.uname=>1', /say scenarios, >=, <=, >, < or =, and a number/],
    ['kata.uname>=many', /and a number/],
    ['>=1', /say scenarios/],
    ['', /a comparison is missing/],
  ])('cannot be "%s"', (text, message) => {
    expect(() => cellCounts(text)).toThrow(message);
    expect(() => cellCounts(text)).toThrow(/^cannot read --expect /);
  });

  it('may be several things', () => {
    expect(unmet(run, cellCounts('vmm.*>=9', cellCounts('control.*>=9')))).toHaveLength(2);
  });
});

describe('the exit status of a run that was expected to come to more', () => {
  const green = runLike({ cells: { 'debian-13/runc/control.runc': passed } });

  it.each([
    ['control.runc=1 per distro', 0],
    ['control.runc>=2', 3],
  ] as const)('with %s is %d', (text, code) => {
    expect(exitCodeOf(green, { expect: cellCounts(text) })).toBe(code);
  });

  it('is 1 where a cell failed as well', () => {
    const red = runLike({ cells: { 'debian-13/runc/control.runc': failedTwice } });

    expect(exitCodeOf(red, { expect: cellCounts('control.runc>=2') })).toBe(1);
  });
});
