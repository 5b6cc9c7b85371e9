import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../../src/domain/run.ts';
import { badgesOf } from '../../../../src/report/badges.ts';
import { feedOf } from '../../../../src/report/feed.ts';
import { siteOf } from '../../../../src/report/site/site.ts';
import { hostileSite } from '../../../support/hostile.ts';
import { deadLinks, doubledIds, type File } from '../../../support/links.ts';
import { siteLike, threeNights } from '../../../support/site.ts';
import { nightsOfYear } from '../../../support/year.ts';
import { failedTwice, passed, runLike } from '../../domain/run-like.ts';

const besides = ({ exhibits = [] }: ReturnType<typeof siteLike>) => [
  ...['matrix.json', 'osinfo/index.json'],
  ...exhibits.flatMap(({ file = [] }) => file),
];

function filesOf(site: ReturnType<typeof siteLike>): readonly File[] {
  return [...siteOf(site), ...badgesOf(site.matrix), feedOf(site)];
}

/** Cells of every stack that there is, in a release that no catalogue knows, with a Kata beside another. */
function oddNights(): readonly Run[] {
  const stacks = ['qemu.upstream', 'clh.upstream', 'dragonball', 'firecracker', 'qemu~next'];
  const cells = (told: typeof passed | typeof failedTwice) => ({
    'stranger-1/host/host.boot': passed,
    'stranger-1@arm64/host/host.boot': told,
    ...Object.fromEntries(stacks.map((stack) => [`stranger-1/${stack}/kata.uname`, told])),
  });
  return [
    runLike({ id: 'a', on: '2026-11-20', cells: cells(passed) }),
    runLike({ id: 'b', on: '2026-11-21', cells: cells(failedTwice) }),
    runLike({ id: 'c', on: '2026-11-21', variant: 'docker', cells: cells(failedTwice) }),
    runLike({ id: '../odd id', on: '2026-11-21', cells: cells(passed) }),
  ];
}

describe('links', () => {
  it.each([
    ['three nights', () => siteLike(threeNights())],
    ['no night at all', () => siteLike([])],
    ['a release that is no more in the catalogue', () => siteLike(oddNights())],
    ['a catalogue of nothing', () => siteLike(oddNights(), { distros: [] })],
    [
      'ten nights of a made-up farm',
      () => siteLike([...nightsOfYear({ nights: 10, releases: 6, scenarios: 8 })]),
    ],
    ['texts that mean harm', hostileSite],
  ])('of every page, story and entry lead to a file and a place in it: %s', (_, made) => {
    const site = made();
    const files = filesOf(site);

    expect(files.length).toBeGreaterThan(10);
    expect(deadLinks(files, besides(site))).toEqual([]);
    expect(doubledIds(files)).toEqual([]);
  });

  it('of the committed pages do', async () => {
    const folder = resolve(import.meta.dirname, '../../../../reports');
    const all = (await readdir(folder, { recursive: true })).filter((path) => !path.startsWith('runs'));
    const read = all.filter((path) => /^site\/.*\.(?:html|js|xml)$/.test(path));
    const files = await Promise.all(
      read.map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8') })),
    );

    expect(files.length).toBeGreaterThan(10);
    expect(deadLinks(files, all)).toEqual([]);
    expect(doubledIds(files)).toEqual([]);
  });

  it('are found dead where they are', () => {
    const files = [
      { path: 'site/index.html', text: '<p id="a"><a href="#b"></a><a href="x.html"></a><a href="#a"></a>' },
      { path: 'site/stories/d.js', text: 'f("d", {"q": "\\u003ca href=\\"distros/d.html#q\\">"})' },
    ];

    expect(deadLinks(files)).toEqual([
      'site/index.html: #b',
      'site/index.html: x.html',
      'site/stories/d.js: distros/d.html#q',
    ]);
  });
});
