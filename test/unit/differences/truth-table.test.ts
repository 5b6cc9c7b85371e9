import { describe, expect, it } from 'vitest';
import { meaningOf, type Try, tryKinds } from '../../../src/domain/truth-table.ts';
import { truthTableText } from '../../../src/report/truth-table.ts';

const outcomes = {
  r: { status: 'failed', message: 'no token' },
  g: { status: 'passed' },
  f: { status: 'passed', flaky: true },
  e: { status: 'errored', phase: 'prepare', message: 'the mirror cannot be reached' },
} as const;

/** `rg-e`: again red, the last good Kata green, packages not to be had, both errored. */
const triesOf = (word: string): readonly Try[] =>
  tryKinds.map((kind, index) => {
    const outcome = outcomes[word[index] as keyof typeof outcomes];
    return outcome
      ? { kind, what: kind, run: `run-${index}`, outcome }
      : { kind, what: kind, cannot: 'gone' };
  });

describe('what a truth table means', () => {
  it.each([
    ['rgrg', /^it follows Kata: .*red with the packages put back/],
    ['rg--', /^it follows Kata: .*the packages alone could not be tried/],
    ['rrgg', /^it follows the packages: .*red with the last good Kata/],
    ['r-g-', /^it follows the packages: .*the last good Kata could not be tried/],
    ['rggg', /do not fit each other/],
    ['rrrg', /only both together/],
    ['r--g', /in one of them, and which could not be tried/],
    ['rrrr', /in neither alone/],
    ['rgrr', /contradicts itself/],
    ['rr--', /red with the last good Kata as well/],
    ['r---', /says nothing of whose fault/],
    ['ree-', /says nothing of whose fault/],
    ['g---', /green again with nothing changed/],
    ['rfrr', /flaky/],
    ['-grg', /not known/],
  ])('of %s', (word, words) => {
    expect(meaningOf(triesOf(word))[0]).toMatch(words);
  });

  it('names nobody, whatever came of it', () => {
    const letters = ['r', 'g', 'f', 'e', '-'];
    const all = letters.flatMap((a) =>
      letters.flatMap((b) => letters.flatMap((c) => letters.map((d) => a + b + c + d))),
    );

    for (const word of all) {
      expect(meaningOf(triesOf(word)).join(' '), word).toMatch(
        /nobody is named|no blame yet|says nothing of whose fault/,
      );
    }
  });

  it('says which Kata the red cell had, and what was replaced in it', () => {
    const kata = '4.1.0, upstream:4.1.0, with agent=/srv/agent';
    const text = truthTableText({ cell: 'c', run: 'night-1', kata, because: 'no token' }, triesOf('rg-e'));

    expect(text).toContain('  as it was in night-1 (Kata 4.1.0, upstream:4.1.0, with agent=/srv/agent)  red');
  });

  it('stands under the table, a row for each try with its run or why it was not made', () => {
    const text = truthTableText(
      { cell: 'debian-12/qemu/kata.uname', run: 'night-1', because: 'start: no token' },
      triesOf('rg-e'),
    );

    expect(text.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))).toEqual([
      'debian-12/qemu/kata.uname',
      'as it was in night-1 | red | start: no token',
      'again | red | run-0: no token',
      'kata | green | run-1',
      'packages | – | gone',
      'both | errored | run-3: the mirror cannot be reached',
      '',
      'What it means',
      expect.stringMatching(/^it follows Kata/),
      expect.stringMatching(/^that is where to look, and no blame yet/),
      '',
    ]);
  });
});
