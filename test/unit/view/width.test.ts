import { describe, expect, it } from 'vitest';
import { columnsOf, fitted, padded } from '../../../src/report/width.ts';

describe('the width of a text', () => {
  it.each([
    ['debian-13', 9],
    ['', 0],
    ['日本語', 6],
    ['ｶﾅ', 4],
    ['한국', 4],
    ['café', 4],
    ['cafe\u0301', 4],
    ['👍', 2],
    ['🇩🇪', 4],
    ['…–', 2],
  ])('of %j is %d columns', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });
});

describe('a text that has to fit', () => {
  it.each([
    ['debian-13', 9, 'debian-13'],
    ['debian-13', 8, 'debian-…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['debian', 1, '…'],
    ['debian', 0, ''],
  ])('%j in %d columns is %j', (text, columns, kept) => {
    expect(fitted(text, columns)).toBe(kept);
  });

  it('is filled up to exactly what is asked for', () => {
    expect(padded('日本', 6)).toBe('日本  ');
    expect(columnsOf(padded('日本語', 4))).toBe(4);
    expect(columnsOf(padded('日本語', 5))).toBe(5);
  });
});
