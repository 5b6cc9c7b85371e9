import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { katafarm } from '../../support/context.ts';
import { entriesLike, passed } from '../domain/run-like.ts';

const golden = join(import.meta.dirname, '../../golden');
const debian = join(import.meta.dirname, '../../../distros/debian-13.yaml');
const id = '20261121-2225-b0a7';

let cwd: string;
let runs: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'katafarm-report-'));
  runs = join(cwd, 'reports', 'runs');
  await mkdir(join(runs, id), { recursive: true });
  await copyFile(join(golden, 'four-releases.jsonl'), join(runs, id, 'journal.jsonl'));
  await mkdir(join(cwd, 'distros'));
  await copyFile(debian, join(cwd, 'distros', 'debian-13.yaml'));
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

describe('katafarm publish', { timeout: 60_000 }, () => {
  it('folds a run into reports/ and says the words', async () => {
    const { code, out } = await call('publish', id);

    expect(code).toBe(0);
    expect(out).toContain('debian-13  degraded (emulated)\n');
    expect(out).toContain('debian-12  broken\n');
    const [page, whole] = [
      await readFile(join(cwd, 'reports/SUPPORT.md'), 'utf8'),
      await readFile(join(golden, 'SUPPORT.md'), 'utf8'),
    ];
    // The golden page is of the run alone: what the catalogue adds stands in it as one section.
    expect(page.replace(/## Every release that is described[\s\S]*?(?=## Why)/, '')).toBe(whole);
  });

  it('publishes elsewhere, and prints JSON', async () => {
    const { out } = await call('publish', id, '--out', 'site', '--json');

    expect(JSON.parse(out)).toMatchObject({
      folder: join(cwd, 'site'),
      releases: expect.arrayContaining([{ release: 'debian-sid', word: 'blocked' }]),
    });
    const published = [
      'SUPPORT.md',
      'distros',
      'evidence',
      'history',
      'index.html',
      'matrix.json',
      'matrix.schema.json',
      'osinfo',
      'site',
      'who-ships.md',
    ];
    expect((await readdir(join(cwd, 'site'))).toSorted()).toEqual(published);
  });
});

describe('katafarm docs', { timeout: 60_000 }, () => {
  it('says what is the matter with a file in the place of a folder', async () => {
    await writeFile(join(cwd, 'file'), '');

    expect(await call('docs', '--out', 'file')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^katafarm: cannot read .*file\/matrix\.json: /),
    });
  });

  it('changes no byte without news, which --check says', async () => {
    await call('publish', id);
    const again = await call('docs');
    const check = await call('docs', '--check');

    expect(again.out).toMatch(/^\d+ files are as they should be\n$/);
    expect([check.code, check.out]).toEqual([0, again.out]);
  });

  it('writes what the catalogue has changed, and takes away what it no longer describes', async () => {
    await call('publish', id);
    const text = await readFile(debian, 'utf8');
    await writeFile(join(cwd, 'distros', 'debian-14.yaml'), text.replace('Debian 13 (trixie)', 'Debian 14'));
    await rm(join(cwd, 'distros', 'debian-13.yaml'));

    const check = await call('docs', '--check');
    const { code, out } = await call('docs');

    expect([check.code, code]).toEqual([1, 0]);
    expect(check.out).toBe(out.replaceAll(/^/gm, 'would be ').replace(/would be $/, ''));
    expect(
      (await readdir(join(cwd, 'reports/distros'))).filter((name) => name.startsWith('debian-1')),
    ).toEqual(expect.arrayContaining(['debian-14.md']));
    await expect(readFile(join(cwd, 'reports/distros/debian-13.md'))).rejects.toThrow('ENOENT');
  });

  it('asks for a run where nothing was published yet', async () => {
    const { code, err } = await call('docs', '--out', 'nowhere');

    expect([code, err]).toEqual([2, expect.stringContaining('publish a run first: katafarm publish RUN')]);
  });
});

async function keep(run: string, journal: string): Promise<void> {
  await mkdir(join(runs, run), { recursive: true });
  await writeFile(join(runs, run, 'journal.jsonl'), journal);
}
