import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chronicle } from '../../../src/domain/chronicle.ts';
import { chronicleIn } from '../../../src/domain/chronicle-begun.ts';
import { chronicleOf } from '../../../src/domain/chronicle-of.ts';
import { matrixOf } from '../../../src/domain/matrix.ts';
import type { Run } from '../../../src/domain/run.ts';
import { readChronicle } from '../../../src/publish/chronicle-store.ts';
import { document } from '../../../src/publish/document.ts';
import { publish } from '../../../src/publish/publish.ts';
import { matrixText } from '../../../src/report/json.ts';
import { katafarm } from '../../support/context.ts';
import { boot, nightOn, uname } from '../domain/nights-like.ts';
import { entriesLike, failedTwice, passed } from '../domain/run-like.ts';

const debian = join(import.meta.dirname, '../../../distros/debian-13.yaml');
const today = '2026-11-22';
const nights = [1, 2, 3].map((day) =>
  nightOn(day, { cells: { [boot]: day === 2 ? failedTwice : passed, [uname]: passed } }),
);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-history-'));
});

afterEach(() => rm(folder, { recursive: true }));

const pages = () => [];
const publishInto = (place: string, runs: readonly Run[], histories: readonly Chronicle[] = []) =>
  publish(runs, { folder: join(folder, place), pages, today, histories });

/** Every file below a folder, by its path. */
async function filesIn(place: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(join(folder, place), { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (path) => [path.slice(folder.length), await readFile(path, 'utf8')] as const),
    ),
  );
}

describe('publishing runs', () => {
  it('adds them to history, in whatever steps', async () => {
    await publishInto('steps', nights.slice(0, 1));
    await publishInto('steps', nights.slice(2));
    const { history } = await publishInto('steps', nights.slice(1));
    await publishInto('once', nights);

    expect(history).toEqual({ runs: 3 });
    expect(await readChronicle(join(folder, 'steps'))).toEqual(chronicleOf(nights));
    const [steps, once] = [await filesIn('steps'), await filesIn('once')];
    expect(Object.values(steps)).toEqual(Object.values(once));
  });

  it('gives pages the whole history', async () => {
    const seen: Chronicle[] = [];
    await publishInto('reports', nights.slice(0, 2));

    await publish(nights.slice(2), {
      folder: join(folder, 'reports'),
      today,
      pages: (_matrix, chronicle) => {
        seen.push(chronicle);
        return [{ path: 'SUPPORT.md', text: '' }];
      },
    });

    expect(seen).toEqual([chronicleOf(nights)]);
  });

  it('folds other histories in', async () => {
    await publishInto('ours', nights.slice(0, 2));

    const { history } = await publishInto('ours', [], [chronicleOf(nights.slice(1))]);

    expect(history).toEqual({ runs: 3 });
    expect(await readChronicle(join(folder, 'ours'))).toEqual(chronicleOf(nights));
  });

  it('writes nothing where history is damaged', async () => {
    await publishInto('reports', nights.slice(0, 1));
    await writeFile(join(folder, 'reports/history/reds.jsonl'), 'torn');
    const before = await filesIn('reports');

    await expect(publishInto('reports', nights.slice(1))).rejects.toThrow(
      /reds\.jsonl:1: the line is cut short/,
    );

    expect(await filesIn('reports')).toEqual(before);
  });

  it('leaves history as it was where a page cannot be written', async () => {
    await publishInto('reports', nights.slice(0, 1));
    await mkdir(join(folder, 'reports/SUPPORT.md'));
    const before = await filesIn('reports');

    const attempt = publish(nights.slice(1), {
      ...{ folder: join(folder, 'reports'), today },
      pages: () => [{ path: 'SUPPORT.md', text: '' }],
    });

    await expect(attempt).rejects.toThrow(/a folder is where a report should be/);
    expect(await filesIn('reports')).toEqual(before);
  });
});

describe('the first history of a folder', () => {
  it('begins with what its matrix still tells', async () => {
    const earlier = matrixOf(nights.slice(0, 2), { today });
    await mkdir(join(folder, 'reports'));
    await writeFile(join(folder, 'reports/matrix.json'), matrixText(earlier));

    const { history } = await publishInto('reports', nights.slice(2));

    expect(history).toEqual({ runs: 3, begun: 2 });
    const { runs, lanes } = await readChronicle(join(folder, 'reports'));
    const strips = (told: Chronicle['lanes']) =>
      told.flatMap((lane) =>
        lane.strips.map(({ cell, spells }) => ({
          cell,
          spells: spells.map(({ value, count }) => [value.status, count]),
        })),
      );
    expect(runs.map(({ id }) => id)).toEqual(['n1', 'n2', 'n3']);
    expect(strips(lanes)).toEqual(strips(chronicleOf(nights).lanes));
  });

  it('is replaced by the journal of a run that is published again', async () => {
    const begun = chronicleIn(matrixOf(nights, { today }).evidence);
    await publishInto('reports', [], [begun]);

    await publishInto('reports', nights);

    expect((await readChronicle(join(folder, 'reports'))).lanes).toEqual(chronicleOf(nights).lanes);
  });

  it('begins now where nothing was published', async () => {
    expect((await publishInto('reports', nights)).history).toEqual({ runs: 3, begun: 0 });
  });
});

describe('writing the pages anew', () => {
  it('reads history, and leaves it byte for byte', async () => {
    await publishInto('reports', nights);
    const before = await filesIn('reports');
    const seen: Chronicle[] = [];

    const { removed } = await document(
      join(folder, 'reports'),
      (_matrix, chronicle) => {
        seen.push(chronicle);
        return [];
      },
      { dry: false },
    );

    expect([seen, removed]).toEqual([[chronicleOf(nights)], []]);
    expect(await filesIn('reports')).toEqual(before);
  });

  it('takes what the matrix tells for history where there is none yet', async () => {
    const matrix = matrixOf(nights, { today });
    await writeFile(join(folder, 'matrix.json'), matrixText(matrix));
    const seen: Chronicle[] = [];

    await document(folder, (_matrix, chronicle) => [{ path: 'a', text: String(seen.push(chronicle)) }], {
      dry: false,
    });

    expect(seen).toEqual([chronicleIn(matrix.evidence)]);
    expect((await readdir(folder)).toSorted()).toEqual(['a', 'matrix.json']);
  });
});

describe('katafarm publish', { timeout: 60_000 }, () => {
  const call = (...argv: readonly string[]) =>
    katafarm(argv, { cwd: folder, root: folder, now: () => new Date('2026-11-22') });

  beforeEach(async () => {
    await mkdir(join(folder, 'distros'));
    await copyFile(debian, join(folder, 'distros/debian-13.yaml'));
    for (const day of [1, 2]) {
      const id = `n${day}`;
      const entries = entriesLike({ id, on: `2026-11-0${day}`, cells: { [boot]: passed } });
      await mkdir(join(folder, 'reports/runs', id), { recursive: true });
      await writeFile(
        join(folder, 'reports/runs', id, 'journal.jsonl'),
        entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
      );
    }
  });

  it('says how far history goes', async () => {
    const first = await call('publish', 'n1');
    const second = await call('publish', 'n2');

    expect([first.out, second.out]).toEqual([
      expect.stringContaining('history begins now: 1 run\n'),
      expect.stringContaining('history: 2 runs\n'),
    ]);
  });

  it('makes one history of two, in either direction', async () => {
    await call('publish', 'n1', '--out', 'ours');
    await call('publish', 'n2', '--out', 'theirs');
    const { code, out } = await call('publish', '--history', 'theirs', '--out', 'ours');
    await call('publish', '--history', 'ours/history', '--out', 'theirs');

    expect([code, out]).toEqual([0, expect.stringContaining('history: 2 runs\n')]);
    expect(Object.values(await filesIn('ours/history'))).toEqual(
      Object.values(await filesIn('theirs/history')),
    );
  });

  it.each([
    ['nothing', ['publish'], /^katafarm: cannot publish nothing: name runs, or a history/],
    [
      'a folder without history',
      ['publish', '--history', 'distros'],
      /cannot fold .*distros in: it has no runs\.jsonl/,
    ],
  ])('refuses %s', async (_, argv, message) => {
    const { code, err } = await call(...argv);

    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('says in its help where history is kept', async () => {
    expect((await call('publish', '--help')).out).toMatch(/kept for good in history\/ .*docs\/history\.md/s);
  });
});
