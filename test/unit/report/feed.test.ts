import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { mergeChronicles } from '../../../src/domain/chronicle-merge.ts';
import { chronicleOf } from '../../../src/domain/chronicle-of.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { plain } from '../../../src/domain/text.ts';
import { feedOf } from '../../../src/report/feed.ts';
import { boot, errored, flaky, nightOn, uname } from '../domain/nights-like.ts';
import { failedTwice, passed } from '../domain/run-like.ts';

const stories: Readonly<Record<string, readonly Outcome[]>> = {
  ...{ g: passed, r: failedTwice, e: errored, f: flaky },
};
/** Nights of one letter each: how the cell came out on consecutive days. */
const nights = (letters: string, red: readonly Outcome[] = failedTwice) =>
  [...letters].map((letter, index) =>
    nightOn(index + 1, { cells: { [boot]: letter === 'r' ? red : (stories[letter] ?? []) } }),
  );
const distros = [{ id: 'debian-13' as const, title: 'Debian 13 (trixie)' }];
const feedLike = (letters: string, red?: readonly Outcome[]) =>
  feedOf({ chronicle: chronicleOf(nights(letters, red)), distros }).text;

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly updated: string;
  readonly content: { readonly '#text': string };
}

function entriesIn(text: string): readonly Entry[] {
  expect(XMLValidator.validate(text)).toBe(true);
  const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'entry' });
  return parser.parse(text).feed.entry ?? [];
}

const told = (text: string) => entriesIn(text).map(({ title, updated }) => [updated.slice(0, 10), title]);

describe('the feed', () => {
  it('tells what broke and what was mended, the newest first', () => {
    expect(told(feedLike('ggrrg'))).toEqual([
      ['2026-11-05', 'Debian 13 (trixie): a cell newly fixed'],
      ['2026-11-03', 'Debian 13 (trixie): a cell newly broken'],
    ]);
  });

  it.each([
    ['was red from the beginning', 'rr'],
    ['is as green as ever, if on the second clone', 'gfg'],
    ['has only had trouble of the farm between two greens', 'geg'],
  ])('tells nothing of a cell that %s', (_, letters) => {
    expect(told(feedLike(letters))).toEqual([]);
  });

  it('sees a cell break that had no verdict the night before', () => {
    expect(told(feedLike('ger'))).toEqual([['2026-11-03', 'Debian 13 (trixie): a cell newly broken']]);
  });

  it('names a release once a night, however many of its cells broke', () => {
    const runs = [passed, failedTwice].map((story, index) =>
      nightOn(index + 1, { cells: { [boot]: story, [uname]: story } }),
    );
    const [entry] = entriesIn(feedOf({ chronicle: chronicleOf(runs), distros }).text);

    expect(entry?.title).toBe('Debian 13 (trixie): 2 cells newly broken');
    expect(entry?.content['#text']).toContain(`<code>${boot}</code>`);
    expect(entry?.content['#text']).toContain(`<code>${uname}</code>`);
  });

  it('tells one architecture from the other, and names a known issue', () => {
    const arm = 'debian-13@arm64/qemu/vmm.qemu.boot';
    const runs = [passed, failedTwice].map((story, index) => nightOn(index + 1, { cells: { [arm]: story } }));
    const chronicle = chronicleOf(runs);
    const known = Object.fromEntries(
      Object.entries(chronicle.reds).map(([id, red]) => [id, { ...red, known: ['kata-9375'] }]),
    );
    const text = feedOf({
      chronicle: { ...chronicle, reds: known },
      distros: [...distros, { id: 'debian-13@arm64', title: 'Debian 13 (trixie)' }],
    }).text;
    const [entry] = entriesIn(text);

    expect(entry?.title).toBe('Debian 13 (trixie) on arm64: a cell newly broken');
    expect(entry?.content['#text']).toContain('; a known issue: kata-9375');
    expect(text).toContain('href="distros/debian-13@arm64.html"');
  });

  it('tells what a container shows apart, as no word of a release moves by it', () => {
    const runs = [passed, failedTwice].flatMap((story, index) => [
      nightOn(index + 1, { cells: { [boot]: story } }),
      nightOn(index + 1, { cells: { [boot]: story } }, { id: `c${index}`, variant: 'docker' }),
    ]);
    const entries = entriesIn(feedOf({ chronicle: chronicleOf(runs), distros }).text);

    expect(entries.map(({ title }) => title).toSorted()).toEqual([
      'Debian 13 (trixie), in a container: a cell newly broken',
      'Debian 13 (trixie): a cell newly broken',
    ]);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(2);
  });

  it('gives an entry one id for good, whatever comes after it and in whatever order history was put together', () => {
    const ids = (text: string) => entriesIn(text).map(({ id }) => id);
    const runs = nights('ggrg');
    const backwards = mergeChronicles(runs.toReversed().map((run) => chronicleOf([run])));

    expect(feedOf({ chronicle: backwards, distros }).text).toBe(feedLike('ggrg'));
    expect(ids(feedLike('ggrg'))).toEqual(expect.arrayContaining([...ids(feedLike('ggr'))]));
    expect(ids(feedLike('ggrg'))[0]).toMatch(/^tag:katafarm\.invalid,2026:[^/]+\/debian-13\/fixed$/);
  });

  it('is a feed without entries and without a clock where there is no history', () => {
    const { path, text } = feedOf({ chronicle: chronicleOf([]), distros });

    expect(path).toBe('site/feed.xml');
    expect(entriesIn(text)).toEqual([]);
    expect(text).toContain('<updated>1970-01-01T00:00:00.000Z</updated>');
  });

  it('does no harm by what a machine said', () => {
    const message = ']]><script>alert(1)</script>]]>&nbsp;\u001b[31m\u202eevil\u0000'.repeat(3);
    const text = feedLike('gr', [
      { status: 'failed', message },
      { status: 'failed', message },
    ]);
    const [entry] = entriesIn(text);

    expect(entry?.content['#text']).not.toContain('<script');
    expect(entry?.content['#text']).toContain('&lt;script&gt;');
    expect(text).toBe(plain(text));
  });

  it('keeps to the newest hundred entries, and to thirty cells of each', () => {
    const many = Array.from({ length: 40 }, (_, index) => `debian-13/host/host.c${index}` as const);
    const runs = Array.from({ length: 120 }, (_, index) =>
      nightOn(index + 1, {
        cells: Object.fromEntries(many.map((cell) => [cell, index % 2 === 0 ? passed : failedTwice])),
      }),
    );
    const entries = entriesIn(feedOf({ chronicle: chronicleOf(runs), distros }).text);

    expect(entries).toHaveLength(100);
    expect(entries[0]?.content['#text'].match(/<li>/g)).toHaveLength(30);
    expect(entries[0]?.content['#text']).toContain('And 10 more.');
  });
});
