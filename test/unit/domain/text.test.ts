import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine, plain } from '../../../src/domain/text.ts';

describe('plain text', () => {
  it.each([
    ['a colour', '\u001b[31mred\u001b[0m', 'red'],
    ['a cursor that jumps', 'a\u001b[2J\u001b[1;1Hb', 'ab'],
    ['a one-character CSI', '\u009b31mred', 'red'],
    ['a title that is set', '\u001b]0;owned\u0007text', 'text'],
    ['an escape that was cut off', 'text\u001b', 'text'],
    ['carriage returns that overwrite', 'failed\rpassed', 'failed\npassed'],
    ['a direction override', 'a\u202eb', 'ab'],
    ['half a surrogate pair', 'a\ud800b', 'ab'],
    ['brackets after a newline', 'log\n[main] up', 'log\n[main] up'],
    ['indentation', '\tindented\n  too', '\tindented\n  too'],
  ])('takes out %s, and only that', (_, text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  it('never holds a control character but newline and tab', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plain(text)).not.toMatch(/[^\P{Cc}\n\t]/u);
      }),
      { numRuns: 30 },
    );
  });
});

describe('one line', () => {
  it('folds white space and cuts with a mark', () => {
    expect(oneLine('  a\n\n b\tc ')).toBe('a b c');
    expect(oneLine('abcdef', 4)).toBe('abc…');
  });
});
