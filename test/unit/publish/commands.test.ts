import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { katafarm } from '../../support/context.ts';
import { entriesLike, passed } from '../domain/run-like.ts';

const golden = join(import.meta.dirname, '../../golden');
const id = '20261121-2225-b0a7';

let cwd: string;
let runs: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'katafarm-report-'));
  runs = join(cwd, 'reports', 'runs');
  await mkdir(join(runs, id), { recursive: true });
  await copyFile(join(golden, 'four-releases.jsonl'), join(runs, id, 'journal.jsonl'));
});

afterEach(() => rm(cwd, { recursive: true }));

const call = (...argv: readonly string[]) =>
  katafarm(argv, { cwd, root: cwd, now: () => new Date('2026-11-22') });
const sameAsGolden = async (folder: string, name: string) =>
  expect(await readFile(join(folder, name), 'utf8')).toBe(await readFile(join(golden, name), 'utf8'));

describe('katafarm report', () => {
  it('makes every report again from the journal alone, byte for byte', async () => {
    const { code, out } = await call('report', id);

    expect(code).toBe(0);
    expect(out).toContain('56 passed, 3 failed, 1 errored, 2 missing, 1 blocked, 17 skipped');
    for (const name of ['junit.xml', 'summary.md', 'matrix.json']) {
      await sameAsGolden(join(runs, id), name);
    }
  });

  it.each([
    ['a folder', `reports/runs/${id}`],
    ['a journal', `reports/runs/${id}/journal.jsonl`],
  ])('takes the path of %s, some formats only, and another place', async (_, ref) => {
    const { code } = await call('report', ref, '--format', 'junit,json', '--out', 'elsewhere');

    expect(code).toBe(0);
    expect((await readdir(join(cwd, 'elsewhere', id))).toSorted()).toEqual(['junit.xml', 'matrix.json']);
    expect(await readdir(join(runs, id))).toEqual(['journal.jsonl']);
  });

  it('prints one JSON value and nothing else with --json', async () => {
    const { out } = await call('report', id, '--json');

    expect(JSON.parse(out)).toMatchObject([
      {
        run: id,
        modified: [],
        support: expect.arrayContaining([expect.objectContaining({ printed: 'broken' })]),
      },
    ]);
  });

  it('names the newest runs where there is no such run', async () => {
    await mkdir(join(runs, 'newer'));
    await writeFile(join(runs, 'newer', 'journal.jsonl'), '');
    await utimes(join(runs, id, 'journal.jsonl'), new Date('2026-01-01'), new Date('2026-01-01'));

    const { code, err } = await call('report', 'tonight');

    expect(code).toBe(2);
    expect(err).toContain(`cannot find run tonight`);
    expect(err).toContain(`the newest are newer, ${id}`);
  });

  it.each([
    [
      'an unknown format',
      ['report', id, '--format', 'pdf'],
      /cannot report as pdf: --format takes junit, markdown, json/,
    ],
    ['a run that never began', ['report', 'empty'], /does not begin with the start of a run/],
    ['an id that is a path', ['report', 'climber'], /"..\/..\/etc" is no run's id/],
    ['a damaged journal', ['report', 'damaged'], /journal\.jsonl:1: the line is not JSON/],
  ])('refuses %s with exit 2', async (_, argv, message) => {
    const climber = entriesLike({ id: '../../etc', cells: { 'debian-13/host/host.kvm': passed } });
    await keep('empty', '');
    await keep('damaged', '{\n');
    await keep('climber', climber.map((entry) => `${JSON.stringify(entry)}\n`).join(''));

    const { code, err } = await call(...argv);

    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('katafarm publish', () => {
  it('folds a run into reports/ and says the words', async () => {
    const { code, out } = await call('publish', id);

    expect(code).toBe(0);
    expect(out).toContain('debian-13  degraded (emulated)\n');
    expect(out).toContain('debian-12  broken\n');
    await sameAsGolden(join(cwd, 'reports'), 'SUPPORT.md');
  });

  it('publishes elsewhere, and prints JSON', async () => {
    const { out } = await call('publish', id, '--out', 'site', '--json');

    expect(JSON.parse(out)).toMatchObject({
      folder: join(cwd, 'site'),
      releases: expect.arrayContaining([{ release: 'debian-sid', word: 'blocked' }]),
    });
    expect((await readdir(join(cwd, 'site'))).toSorted()).toEqual(['SUPPORT.md', 'matrix.json']);
  });
});

async function keep(run: string, journal: string): Promise<void> {
  await mkdir(join(runs, run), { recursive: true });
  await writeFile(join(runs, run, 'journal.jsonl'), journal);
}
