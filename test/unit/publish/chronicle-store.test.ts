import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noChronicle } from '../../../src/domain/chronicle.ts';
import { mergeChronicles } from '../../../src/domain/chronicle-merge.ts';
import { chronicleOf } from '../../../src/domain/chronicle-of.ts';
import { chronicleArtifacts, readChronicle, readChronicleAt } from '../../../src/publish/chronicle-store.ts';
import { writeArtifacts } from '../../../src/publish/write-artifacts.ts';
import { nightsOfYear } from '../../support/year.ts';
import { boot, errored, flaky, nightOn, uname } from '../domain/nights-like.ts';
import { failedTwice, passed } from '../domain/run-like.ts';

const golden = join(import.meta.dirname, '../../golden/history');
const clh = 'debian-13/clh/kata.uname';
const arm = 'debian-13@arm64/qemu/kata.uname';

/** A few nights with one of everything. */
const nights = [
  nightOn(1, { cells: { [boot]: passed, [uname]: passed, [arm]: passed } }),
  nightOn(2, { cells: { [boot]: failedTwice, [uname]: flaky, [clh]: passed }, qemu: '1.1-1', image: 'd2' }),
  {
    ...nightOn(3, { cells: { [boot]: failedTwice, [uname]: undefined }, qemu: '1.1-1' }),
    interrupted: 'SIGTERM',
  },
  nightOn(4, {
    cells: { [boot]: passed, [uname]: errored },
    skipped: { [clh]: 'not packaged by this distro: cloud-hypervisor' },
    kata: '4.2.0',
    qemu: '1.2-1',
  }),
  nightOn(4, { cells: { [boot]: passed }, speed: 'tcg+svm' }, { id: 'n4-emulated' }),
];
const chronicle = chronicleOf(nights);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-history-'));
});

afterEach(() => rm(folder, { recursive: true }));

const linesOf = (told: typeof chronicle, path: string) =>
  chronicleArtifacts(told)
    .find((one) => one.path === path)
    ?.text.split('\n') ?? [];

describe('the text of history', () => {
  it('is this, byte for byte', async () => {
    for (const { path, text } of chronicleArtifacts(chronicle)) {
      expect(text).toBe(await readFile(join(golden, '..', path), 'utf8'));
    }
    expect(await readdir(join(golden, 'releases'))).toHaveLength(2);
  });

  it('says what the chronicle says', async () => {
    await writeArtifacts(folder, chronicleArtifacts(chronicle));

    expect(await readChronicle(folder)).toEqual(chronicle);
  });

  it('gains a line a lane by one more night like the last, and no other line changes', () => {
    const night = { cells: { [boot]: passed, [uname]: errored }, kata: '4.2.0', qemu: '1.2-1' };
    const before = chronicleOf([...nights, nightOn(5, night)]);
    const path = 'history/releases/debian-13.jsonl';

    const after = mergeChronicles([before, chronicleOf([nightOn(6, night)])]);

    const [old, now] = [linesOf(before, path), linesOf(after, path)];
    expect(now.filter((line) => !old.includes(line))).toEqual(['{"run":"n6","seconds":2}']);
    expect(old.filter((line) => !now.includes(line))).toEqual([]);
  });

  it('is small, and the same after a year as it is in memory', async () => {
    const year = chronicleOf(nightsOfYear({ nights: 120, releases: 2, stacks: 3, scenarios: 12 }));
    const artifacts = chronicleArtifacts(year);
    const states = year.lanes.reduce((sum, { runs, strips }) => sum + runs.length * strips.length, 0);
    await writeArtifacts(folder, artifacts);

    expect(await readChronicle(folder)).toEqual(year);
    // Bytes a cell and night.
    expect(artifacts.reduce((sum, { text }) => sum + text.length, 0) / states).toBeLessThan(10);
  }, 60_000);
});

describe('reading history', () => {
  it('finds no run where there is none', async () => {
    expect(await readChronicle(folder)).toEqual(noChronicle);
    expect(await readChronicle(join(folder, 'nowhere'))).toEqual(noChronicle);
  });

  it('does not care in which order lines and files were put', async () => {
    await writeArtifacts(folder, chronicleArtifacts(chronicle));
    for (const name of ['runs.jsonl', 'reds.jsonl']) {
      const path = join(folder, 'history', name);
      const [head, ...rest] = (await readFile(path, 'utf8')).trimEnd().split('\n');
      await writeFile(path, `${[head, ...rest.toReversed()].join('\n')}\n`);
    }

    expect(await readChronicle(folder)).toEqual(chronicle);
  });

  const damages: readonly (readonly [string, string, (text: string) => string, RegExp])[] = [
    [
      'a line that is no JSON',
      'runs.jsonl',
      (text) => text.replace('{"run":"n2"', 'run'),
      /runs\.jsonl:3: .* not JSON/,
    ],
    [
      'a line that was cut',
      'releases/debian-13.jsonl',
      (text) => text.slice(0, -20),
      /13\.jsonl:\d+: .* cut short/,
    ],
    ['an empty file', 'reds.jsonl', () => '', /reds\.jsonl:1: /],
    ['another file', 'runs.jsonl', () => '{"type":"run-started"}\n', /runs\.jsonl:1: it does not begin as/],
    [
      'a time that is none',
      'runs.jsonl',
      (text) => text.replace('2026-11-02T', 'soon'),
      /runs\.jsonl:3: .* no time/,
    ],
    [
      'a run that nobody knows',
      'runs.jsonl',
      (text) => text.replace('"n3"', '"n9"'),
      /13\.jsonl:\d: run "n3" is not in/,
    ],
    [
      'a red that nobody knows',
      'reds.jsonl',
      (text) => text.replaceAll('"red":"', '"red":"x'),
      /13\.jsonl:\d+: red \w+ is not in reds\.jsonl/,
    ],
    [
      'a run that is there twice',
      'releases/debian-13.jsonl',
      (text) => text.replace(/^(\{"run":"n2".*)$/m, '$1\n$1'),
      /13\.jsonl:5: run "n2" is there twice/,
    ],
    [
      'spells that go beyond its runs',
      'releases/debian-13.jsonl',
      (text) => text.replace('[3,"passed"]', '[30,"passed"]'),
      /13\.jsonl:\d+: its spells do not fit the 4 runs/,
    ],
    [
      'an end that nothing has',
      'releases/debian-13.jsonl',
      (text) => text.replace('[0,"passed"]', '[0,"great"]'),
      /13\.jsonl:\d+: nothing ends as great/,
    ],
    [
      'a cell of another release',
      'releases/debian-13.jsonl',
      (text) => text.replace('"cell":"debian-13/', '"cell":"debian-12/'),
      /13\.jsonl:\d+: "debian-12\/[^"]+" is no cell of debian-13/,
    ],
    [
      'a basis that is none',
      'releases/debian-13.jsonl',
      (text) => text.replace('"basis":"kvm"', '"basis":"xen"'),
      /13\.jsonl:2: "basis" is none of userspace, none, /,
    ],
  ];

  it.each(damages)('refuses %s, and says where and what to do', async (_, name, damage, message) => {
    await writeArtifacts(folder, chronicleArtifacts(chronicle));
    const path = join(folder, 'history', name);
    await writeFile(path, damage(await readFile(path, 'utf8')));

    await expect(readChronicle(folder)).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 2,
      message: expect.stringMatching(message),
    });
    await expect(readChronicle(folder)).rejects.toThrow(
      /^cannot read .*; restore history\/ from version control$/,
    );
  });

  it('is never written outside of its folder, whatever a release of a run is called', async () => {
    const [first] = chronicle.lanes;
    const lanes = first ? [{ ...first, release: '../../../evil-1' as const }] : [];

    await expect(
      writeArtifacts(join(folder, 'deep/er'), chronicleArtifacts({ ...chronicle, lanes })),
    ).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining('leads out of') });
    await expect(readdir(folder)).resolves.toEqual([]);
  });

  it('refuses what a newer katafarm wrote', async () => {
    await writeArtifacts(folder, chronicleArtifacts(chronicle));
    const path = join(folder, 'history/runs.jsonl');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"version":1', '"version":2'));

    await expect(readChronicle(folder)).rejects.toThrow(
      /runs\.jsonl:1: it is history of version 2, and this katafarm knows version 1; use the katafarm that wrote it/,
    );
  });

  it('says how to go on where git has left both sides of a merge', async () => {
    await writeArtifacts(folder, chronicleArtifacts(chronicle));
    const path = join(folder, 'history/runs.jsonl');
    await writeFile(path, (await readFile(path, 'utf8')).replace('\n', '\n<<<<<<< HEAD\n'));

    await expect(readChronicle(folder)).rejects.toThrow(/runs\.jsonl:2: .*both sides.*publish --history DIR/);
  });

  it('refuses releases without their runs', async () => {
    await writeArtifacts(folder, chronicleArtifacts(chronicle));
    await rm(join(folder, 'history/runs.jsonl'));

    await expect(readChronicle(folder)).rejects.toThrow(/runs\.jsonl: it is gone; restore history\//);
  });
});

describe('history that somebody names', () => {
  it('is that of a published folder, or the folder itself', async () => {
    await cp(golden, join(folder, 'history'), { recursive: true });

    expect(await readChronicleAt(folder)).toEqual(chronicle);
    expect(await readChronicleAt(join(folder, 'history'))).toEqual(chronicle);
  });

  it('has to be there', async () => {
    await expect(readChronicleAt(folder)).rejects.toThrow(
      /^cannot fold .* in: it has no runs\.jsonl, .* name a/,
    );
  });
});
