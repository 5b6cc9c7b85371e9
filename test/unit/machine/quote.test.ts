import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { posixQuote } from '../../../src/machine/quote.ts';

/** What a POSIX shell makes of these words: itself tells, with a NUL after each. */
function readBack(words: readonly string[]): readonly string[] {
  const script = `printf '%s\\0' ${words.map(posixQuote).join(' ')}`;
  const { stdout } = spawnSync('/bin/sh', ['-euc', script], { encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

describe('a quoted word', () => {
  it('is read back by the system’s own shell as it was, whatever is in it', () => {
    const word = fc
      .string({ unit: 'binary' })
      .map((text) => text.replaceAll('\0', '').toWellFormed())
      .map((text) => text.normalize());

    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        expect(readBack(words)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  it('is read back where it is dangerous', () => {
    const words = [
      '',
      ' ',
      "'",
      "''",
      '$(id)',
      '`id`',
      '\\',
      '\n',
      '!',
      '*',
      '~',
      '-n',
      '#',
      'a\'b"c',
      '$HOME',
    ];

    expect(readBack(words)).toEqual(words);
  });

  it.each([
    ['debian-13', 'debian-13'],
    ['/usr/bin/qemu-system-x86_64', '/usr/bin/qemu-system-x86_64'],
    [42, '42'],
    [true, 'true'],
    ['two words', "'two words'"],
    ["it's", `'it'\\''s'`],
  ])('of %j is %s', (argument, quoted) => {
    expect(posixQuote(argument)).toBe(quoted);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [{}, 'object'],
    [['a'], 'object'],
    [Symbol.iterator, 'symbol'],
  ])('is not made of %s', (argument, kind) => {
    expect(() => posixQuote(argument)).toThrow(new TypeError(`cannot put ${kind} into a command`));
  });
});
