import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/domain/matrix.ts';
import type { Support } from '../../../src/domain/support.ts';
import { badgesOf } from '../../../src/report/badges.ts';

const supportLike = (change: Partial<Support>): Support => ({
  release: 'debian-13',
  stack: 'qemu',
  word: 'supported',
  reason: '',
  versions: {},
  behind: [],
  ...change,
});

const releaseLike = (
  id: string,
  change: Partial<Support>,
  title = 'Debian 13',
): Matrix['releases'][number] => ({
  distro: { id, title, rolling: false, notes: [] } as never,
  headline: supportLike(change),
  stacks: [],
  versions: {},
});

const releases = [
  releaseLike('debian-13', { word: 'supported', basis: 'tcg+svm' }),
  releaseLike('debian-12@arm64', { word: 'capable' }),
  releaseLike('debian-11', { word: 'eol', tested: 'broken' }),
];
const endpointOf = (name: string, of = releases) =>
  JSON.parse(
    badgesOf({ releases: of }).find(({ path }) => path === `site/badges/${name}.json`)?.text ?? '{}',
  );

describe('badges', () => {
  it('are one a release and one of all, each as a picture and for shields.io', () => {
    const paths = badgesOf({ releases }).map(({ path }) => path);

    expect(paths).toEqual(
      ['all', 'debian-13', 'debian-12@arm64', 'debian-11'].flatMap((name) => [
        `site/badges/${name}.svg`,
        `site/badges/${name}.json`,
      ]),
    );
  });

  it('say the words that are published, and no more', () => {
    expect(endpointOf('debian-13')).toEqual({
      schemaVersion: 1,
      label: 'Kata on Debian 13',
      message: 'works (emulated)',
      color: '#2d7d33',
    });
    expect(endpointOf('debian-11')).toMatchObject({ message: 'eol (tested: broken)', color: '#656d76' });
    expect(endpointOf('all').message).toBe('1 of 2 work, 1 capable');
  });

  it('tell one architecture from the other', () => {
    expect(endpointOf('debian-12@arm64').label).toBe('Kata on Debian 13 on arm64');
  });

  it('write no file outside of their folder', () => {
    const evil = [releaseLike('../../evil', { word: 'broken' })];

    expect(badgesOf({ releases: evil }).map(({ path }) => path)).toEqual([
      'site/badges/all.svg',
      'site/badges/all.json',
    ]);
  });

  it('are grey where nothing runs it, and where nothing was tested', () => {
    expect(endpointOf('all', [releaseLike('debian-13', { word: 'broken' })]).color).toBe('#656d76');
    expect(endpointOf('all', [])).toMatchObject({
      message: 'nothing tested',
      color: '#656d76',
    });
  });

  it('are well-formed pictures that say the word to a screen reader, whatever a title has in it', () => {
    const hostile = releaseLike('debian-13', { word: 'broken' }, '</text><script>"&\u202e\u0007 Debian');

    const text =
      badgesOf({ releases: [hostile] }).find(({ path }) => path.endsWith('debian-13.svg'))?.text ?? '';

    expect(XMLValidator.validate(text)).toBe(true);
    expect(text).not.toContain('<script');
    const { svg } = new XMLParser({ ignoreAttributes: false }).parse(text);
    expect(svg['@_aria-label']).toBe('Kata on </text><script>"& Debian: broken');
    expect(svg.title).toContain('broken');
  });
});
