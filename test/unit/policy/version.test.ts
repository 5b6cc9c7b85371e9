import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { compareReleases, compareVersions, isRange, isWithin } from '../../../src/domain/version.ts';

const inOrder = [
  '0.9',
  '1.0~~',
  '1.0~rc1',
  '1.0',
  '1.0-1',
  '1.0-1+b2',
  '1.0-1+deb12u1',
  '1.0a',
  '1.0+dfsg',
  '1.0.1',
  '1.2',
  '1.10',
  '1:0.1',
  '1:7.2+dfsg-7+deb12u18',
  '1:7.2+dfsg-7+deb12u18+b3',
  '1:10.0.13+ds-0+deb13u1',
  '10:1',
];

it.each(inOrder.slice(1).map((later, index) => [inOrder[index] ?? '', later]))(
  'knows that %s is before %s',
  (earlier, later) => {
    expect(compareVersions(earlier, later)).toBeLessThan(0);
    expect(compareVersions(later, earlier)).toBeGreaterThan(0);
  },
);

it.each([
  ['1.0', '0:1.0'],
  ['1.00', '1.0'],
  ['1.0', '1.0-0'],
])('knows that %s is %s', (one, other) => {
  expect(compareVersions(one, other)).toBe(0);
});

it.skipIf(!hasDpkg())('says what dpkg says of each pair', () => {
  for (const a of inOrder) {
    for (const b of inOrder) {
      expect([a, b, compareVersions(a, b) < 0]).toEqual([a, b, dpkgSaysLess(a, b)]);
    }
  }
});

it.each([
  ['4.1.0-alpha0', '4.1.0-rc0'],
  ['4.1.0-rc0', '4.1.0'],
  ['4.1.0', '4.10.0'],
  ['3.32.0', 'v4.0.0'],
])("knows that Kata's %s is before %s", (earlier, later) => {
  expect(compareReleases(earlier, later)).toBeLessThan(0);
});

it.each([
  ['1:7.2+dfsg-7', '>=1:7.2 <1:8', true],
  ['1:8.0', '>=1:7.2 <1:8', false],
  ['1:8.0', '<=1:8.0', true],
  ['1:8.0', '>1:8.0', false],
  ['1.13.2-1', '=1.13.2-1', true],
  ['1.13.2-2', '=1.13.2-1', false],
])('says whether %s lies in %s', (version, range, isIn) => {
  expect(isWithin(version, range)).toBe(isIn);
});

it.each([
  ['>=1:7.2 <1:8', true],
  ['=4.1.0-rc0', true],
  ['1.2', false],
  ['^4.0.0', false],
  ['>= 1.2', false],
  ['', false],
])('says whether "%s" is a range', (text, isOne) => {
  expect(isRange(text)).toBe(isOne);
});

it('refuses to compare with what is no range', () => {
  expect(() => isWithin('1.0', '1.x')).toThrow(/"1\.x" is no range/);
});

function hasDpkg(): boolean {
  try {
    execFileSync('dpkg', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function dpkgSaysLess(a: string, b: string): boolean {
  try {
    execFileSync('dpkg', ['--compare-versions', a, 'lt', b]);
    return true;
  } catch {
    return false;
  }
}
