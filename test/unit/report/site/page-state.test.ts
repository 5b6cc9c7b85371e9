import { describe, expect, it } from 'vitest';
import { ageOf, agoWords, noFresher } from '../../../../src/report/site/page/age.js';
import { addressOf, stateIn } from '../../../../src/report/site/page/state.js';

describe('the address of a view', () => {
  it.each([
    { q: '', story: '' },
    { q: 'vmm:qemu support:broken', story: '' },
    { q: 'a+b & c=d #e "f g" %', story: 'debian-13@arm64/qemu+distro-kernel' },
    { q: 'story=x', story: '' },
  ])('reads back as the same view: %j', (state) => {
    expect(stateIn({ hash: addressOf(state), search: '' })).toEqual(state);
  });

  it.each([
    ['', '?q=is%3Aeol', { q: 'is:eol', story: '' }],
    ['#q=flaky', '?q=is%3Aeol', { q: 'flaky', story: '' }],
    ['#untested', '', { q: '', story: '' }],
    ['#story=debian-12/qemu', '?q=eol', { q: '', story: 'debian-12/qemu' }],
  ])('is understood as %j %j', (hash, search, state) => {
    expect(stateIn({ hash, search })).toEqual(state);
  });
});

describe('the age of a verdict', () => {
  it.each([
    ['2026-11-22', '2026-11-22', '7,21', { days: 0, state: 'fresh', step: 0 }],
    ['2026-11-15', '2026-11-22', '7,21', { days: 7, state: 'fresh', step: 2 }],
    ['2026-11-14', '2026-11-22', '7,21', { days: 8, state: 'ageing', step: 3 }],
    ['2026-11-19', '2026-11-22', '2,7', { days: 3, state: 'ageing', step: 3 }],
    ['2026-11-01', '2026-11-22', '7,21', { days: 21, state: 'ageing', step: 3 }],
    ['2026-10-31', '2026-11-22', '7,21', { days: 22, state: 'stale', step: 4 }],
    ['2026-11-23', '2026-11-22', '7,21', { days: 0, state: 'fresh', step: 0 }],
  ])('of %s on %s by %s', (day, today, fade, age) => {
    expect(ageOf(day, today, fade)).toEqual(age);
  });

  it.each([
    [0, 'today'],
    [1, 'yesterday'],
    [12, '12 days ago'],
    [90, '3 months ago'],
  ])('%i days is %j', (days, words) => {
    expect(agoWords(days)).toBe(words);
  });
});

describe('an age', () => {
  it.each([
    ['fresh', 'fresh', 'fresh', 0],
    ['fresh', 'ageing', 'ageing', 3],
    ['stale', 'fresh', 'stale', 4],
    ['ageing', 'stale', 'stale', 4],
  ] as const)('by its day %s is no fresher than the page was made with: %s', (state, made, is, step) => {
    const steps = { fresh: 0, ageing: 3, stale: 4 };

    expect(noFresher({ state, step: steps[state] }, made)).toEqual({ state: is, step });
  });
});
