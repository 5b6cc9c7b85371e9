import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  answersIn,
  asFact,
  astray,
  differencesOf,
  toldBeside,
  verdictOn,
} from '../../../scenarios/parts/differences.ts';
import {
  type KnownDifference,
  knownDifferences,
  knownOf,
} from '../../../scenarios/parts/known-differences.ts';
import { root } from '../../support/farm.ts';

const inotify: KnownDifference = {
  mapping: 'mapping.mounts',
  probe: 'inotify.outside',
  kata: /^nothing$/,
  what: 'a container is not told',
  why: 'virtio-fs has no inotify',
  source: 'docs/design/inotify.md',
  byDesign: true,
};

describe('what a container said', () => {
  const text = [
    'starting',
    'ro.write=Read-only file system',
    'mapped.mount=virtiofs kataShared',
    'why.userns=no',
  ].join('\n');

  test('is its answers, by probe', () => {
    expect(answersIn(text)).toEqual({ 'ro.write': 'Read-only file system' });
  });

  test("beside them are the guest's names and a runtime's words, which are not compared", () => {
    expect(toldBeside(text)).toEqual({ 'mapped.mount': 'virtiofs kataShared', 'why.userns': 'no' });
  });
});

describe('differences', () => {
  test('there are none between the same answers in another order', () => {
    expect(differencesOf({ one: '1', two: '2' }, { two: '2', one: '1' }, [])).toEqual([]);
  });

  test('an answer that only one of them gave is one', () => {
    expect(differencesOf({ one: '1' }, { two: '2' }, [])).toEqual([
      { probe: 'one', runc: '1', kata: '(no answer)' },
      { probe: 'two', runc: '(no answer)', kata: '2' },
    ]);
  });

  test('a known one is known by its probe and by what Kata answers', () => {
    const differences = differencesOf({ 'inotify.outside': 'came' }, { 'inotify.outside': 'nothing' }, [
      inotify,
    ]);

    expect(differences).toEqual([
      { probe: 'inotify.outside', runc: 'came', kata: 'nothing', known: inotify },
    ]);
  });

  test('another answer to that probe is news', () => {
    const [difference] = differencesOf(
      { 'inotify.outside': 'came' },
      { 'inotify.outside': 'Permission denied' },
      [inotify],
    );

    expect(difference?.known).toBeUndefined();
  });
});

describe('the verdict', () => {
  test('names each probe with both answers', () => {
    const differences = differencesOf(
      { 'made.file': '1234:4321 644', ids: '1' },
      { 'made.file': '0:0 644' },
      [],
    );

    expect(verdictOn(differences, 2)).toBe(
      [
        'Kata answers 2 of 2 probes otherwise than runc:',
        'made.file: runc says "1234:4321 644", Kata says "0:0 644"',
        'ids: runc says "1", Kata says "(no answer)"',
      ].join('\n'),
    );
  });

  test('is none where all differences are known', () => {
    const differences = differencesOf({ 'inotify.outside': 'came' }, { 'inotify.outside': 'nothing' }, [
      inotify,
    ]);

    expect(verdictOn(differences, 1)).toBeUndefined();
  });

  test('leaves out the known ones beside the news', () => {
    const runc = { 'inotify.outside': 'came', id: '0' };
    const differences = differencesOf(runc, { 'inotify.outside': 'nothing', id: '1' }, [inotify]);

    expect(verdictOn(differences, 2)).not.toContain('inotify');
  });
});

test("what runc itself gets wrong is told with what was asked for, and more answers don't matter", () => {
  expect(
    astray({ 'ro.write': '', more: '1' }, { 'ro.write': 'Read-only file system', 'ro.read': 'text' }),
  ).toEqual([
    'ro.write: "Read-only file system" was asked for, runc says ""',
    'ro.read: "text" was asked for, runc says "(no answer)"',
  ]);
});

test('a known difference as a fact has both answers, whether Kata means it, and its source', () => {
  expect(asFact({ probe: 'inotify.outside', runc: 'came', kata: 'nothing', known: inotify })).toBe(
    'runc: came; Kata: nothing; by design: a container is not told (docs/design/inotify.md)',
  );
});

describe('the known differences', () => {
  test.for(knownDifferences)('$mapping $probe is in the document, with its source', async (known) => {
    const text = await readFile(join(root, 'docs', 'mapping.md'), 'utf8');
    const row = text.split('\n').find((line) => line.includes(`\`${known.probe}\``));

    const file = known.source.split(' ')[0] ?? '';
    expect(row).toContain(file.replace(/^.*issues\//, '#').replace(/^.*\//, ''));
  });

  test('none stands twice', () => {
    const names = knownDifferences.map(({ mapping, probe, kata }) => `${mapping} ${probe} ${kata}`);

    expect(names).toEqual([...new Set(names)]);
  });

  test('a scenario meets only its own', () => {
    expect(knownOf('mapping.uidgid').every(({ mapping }) => mapping === 'mapping.uidgid')).toBe(true);
    expect(knownOf('mapping.devices')).toEqual([]);
  });
});
