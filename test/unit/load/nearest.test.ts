import { describe, expect, it } from 'vitest';
import { hintOf, nearest } from '../../../src/load/nearest.ts';

const releases = ['debian-12', 'debian-13', 'debian-forky', 'debian-sid'];

describe('the nearest word', () => {
  it.each([
    ['titel', ['title', 'family'], 'title'],
    ['debian13', releases, 'debian-13'],
    ['debain-sid', releases, 'debian-sid'],
    ['Debian-Forky', releases, 'debian-forky'],
    ['vaildate', ['run', 'validate'], 'validate'],
    ['lst', ['list', 'run'], 'list'],
  ])('for %s, of %j, is %s', (word, candidates, meant) => {
    expect(nearest(word, candidates)).toBe(meant);
  });

  it.each([
    ['fedora-44', releases],
    ['x', ['run', 'plan']],
    ['', ['run']],
    ['run', []],
  ])('is not guessed for %j, of %j', (word, candidates) => {
    expect(nearest(word, candidates)).toBeUndefined();
  });
});

describe('a hint', () => {
  it('asks whether the nearest word was meant', () => {
    expect(hintOf('debian-14', releases)).toBe('did you mean "debian-12"?');
  });

  it('lists everything where no word is near', () => {
    expect(hintOf('warm', ['clone', 'cold'])).toBe('there are clone, cold');
  });

  it('names some of many, those that begin alike', () => {
    const many = Array.from({ length: 40 }, (_, index) => `${index < 20 ? 'alpha' : 'beta'}-${index}`);

    expect(hintOf('betelgeuse', many)).toMatch(/^there are 40, among them beta-20, .*beta-31$/);
    expect(hintOf('zz', many)).toMatch(/^there are 40, among them alpha-0, /);
  });
});
