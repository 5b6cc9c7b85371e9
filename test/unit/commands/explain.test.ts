import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import { katafarm } from '../../support/context.ts';
import { diagnosedEntries, oldVirtiofsd, swapTrials } from '../domain/diagnosed.ts';
import { entriesLike, failedTwice, passed } from '../domain/run-like.ts';

const cell: CellId = 'debian-12/qemu/vmm.virtiofsd.start';
const file = `cells/${cell}/2/transcript.txt`;
/** What was tried afterwards is no attempt at the cell. */
const tried = `cells/${cell}/experiments/02-again/transcript.txt`;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-explain-'));
});

afterEach(() => rm(folder, { recursive: true }));

const ask = (...argv: readonly string[]) => katafarm(argv, { env: { KATAFARM_OUT: folder }, cwd: folder });

async function put(id: string, entries: readonly Entry[]): Promise<void> {
  await mkdir(join(folder, id));
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  await writeFile(join(folder, id, 'journal.jsonl'), text);
}

function night(
  on: string,
  told: Parameters<typeof entriesLike>[0]['cells'],
  modified: readonly string[] = [],
) {
  return put(`run-${on}`, entriesLike({ id: `run-${on}`, on, cells: told, modified }));
}

async function diagnosed(
  id: string,
  lines: readonly string[],
  evidence = [{ file, line: 2, text: 'fuse: invalid' }],
) {
  const finding = { ...oldVirtiofsd, evidence };
  await put(
    id,
    diagnosedEntries(
      { id, cells: { [cell]: failedTwice } },
      { cell, finding, trials: swapTrials, files: [file, tried] },
    ),
  );
  await mkdir(dirname(join(folder, id, file)), { recursive: true });
  await writeFile(join(folder, id, file), `${lines.join('\n')}\n`);
}

describe('which run a cell is explained in', () => {
  it('is the newest in which it was not green, and a later green one is told of', async () => {
    await night('2026-11-18', { [cell]: failedTwice });
    await night('2026-11-19', { [cell]: failedTwice });
    await night('2026-11-20', { [cell]: passed });
    await night('2026-11-21', { 'debian-12/host/host.boot': failedTwice });

    const { out } = await ask('explain', cell);

    expect(out).toMatch(/failed, in run run-2026-11-19 /);
    expect(out).toContain('A later run saw it green: run-2026-11-20.');
    expect(out).toContain('Red since 2026-11-18');
  });

  it('is the newest that ran it, where it was green in all', async () => {
    await night('2026-11-18', { [cell]: passed });
    await night('2026-11-19', { [cell]: passed });
    await put('no-journal', []);

    expect((await ask('explain', cell)).out).toMatch(/passed, in run run-2026-11-19 /);
  });

  it('is the one that is named, by id or path', async () => {
    await night('2026-11-18', { [cell]: passed });
    await night('2026-11-19', { [cell]: failedTwice });

    expect((await ask('explain', cell, '--run', 'run-2026-11-18')).out).toContain('nothing to explain');
    expect((await ask('explain', cell, '--run', './run-2026-11-18')).out).toContain('nothing to explain');
  });

  it('counts no run that was changed by hand into since when it is red', async () => {
    await night('2026-11-17', { [cell]: passed });
    await night('2026-11-18', { [cell]: failedTwice }, ['--prepare plant.sh']);
    await night('2026-11-19', { [cell]: failedTwice });

    const { out } = await ask('explain', cell);

    expect(out).toContain('Red since 2026-11-19 (run run-2026-11-19); last green on 2026-11-17');
  });

  it.each([
    ['debian-12/qemu/vmm.virtiofsd.strat', 'did you mean "debian-12/qemu/vmm.virtiofsd.start"?'],
    ['vmm.virtiofsd.start', 'a cell is RELEASE/STACK/SCENARIO: debian-12/qemu/vmm.virtiofsd.start\n'],
    ['what', 'like debian-12/qemu/vmm.virtiofsd.start; katafarm list runs'],
  ])('is none for %s, and something near is named', async (id, hint) => {
    await night('2026-11-18', { [cell]: failedTwice });

    const { err, code } = await ask('explain', id);

    expect(code).toBe(2);
    expect(err).toContain(hint);
  });

  it('is none where there is no run', async () => {
    expect((await ask('explain', cell)).err).toContain('make one with ./katafarm run');
  });
});

describe('evidence', () => {
  const lines = ['before', 'fuse: invalid argument', 'after', '1', '2', '3', 'far off'];

  it('is shown in its place, with the lines around it', async () => {
    await diagnosed('one', lines);

    const { out } = await ask('explain', cell);

    expect(out).toContain(`${file}:2\n      1 | before\n    > 2 | fuse: invalid argument\n      3 | after\n`);
    expect(out).not.toContain('far off');
  });

  it('is told by its own words where the file is gone, or says something else', async () => {
    const gone = { file: 'cells/none.txt', line: 4, text: 'no such thing' };
    await diagnosed('one', lines, [gone, { file, line: 3, text: 'was otherwise' }]);

    const { out } = await ask('explain', cell);

    expect(out).toContain('cells/none.txt:4 (the file is not there any more)\n    > 4 | no such thing');
    expect(out).toContain(`${file}:3 (the file says something else there now)\n    > 3 | was otherwise`);
  });

  it("is read from no file but the run's own", async () => {
    const evil = ['../secret.txt', 'cells/link.txt'].map((path) => ({ file: path, line: 1, text: 'x' }));
    await diagnosed('one', lines, evil);
    await writeFile(join(folder, 'secret.txt'), 'x and the rest of it\n');
    await symlink(join(folder, 'secret.txt'), join(folder, 'one/cells/link.txt'));

    const { out } = await ask('explain', cell);

    expect(out).not.toContain('the rest of it');
    expect(out.match(/the file is not one of the run's/g)).toHaveLength(2);
  });

  it('is the end of the transcript where no line speaks', async () => {
    await diagnosed('one', lines, []);

    expect((await ask('explain', cell)).out).toContain(`the end of its transcript\n  ${file}:1\n`);
  });
});

describe('katafarm bug', () => {
  it('writes a report with the commands of the transcript, and nothing of this host', async () => {
    await diagnosed('one', [
      `[   0.0] ${cell}, attempt 2: The distro's virtiofsd starts`,
      `[   1.0] -- boot`,
      `[   1.0] $ . ./virtiofsd.sh`,
      `    start_virtiofsd 'Waiting' /usr/lib/qemu/virtiofsd --on mirror.corp.example in ${folder}/one/x`,
    ]);

    const env = { KATAFARM_OUT: folder, KATAFARM_MIRROR: 'http://mirror.corp.example/debian' };
    const { out, err, code } = await katafarm(['bug', cell], { env, cwd: folder });

    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toContain("<!-- to: Debian's bug tracker");
    expect(out).toContain('/usr/lib/qemu/virtiofsd --on HOST in RUN/x');
    expect(out).not.toContain(folder);
  });

  it.each([
    ['passed', passed, 'it passed: there is nothing to explain'],
    [
      'blocked',
      [{ status: 'blocked', by: 'debian-12/host/host.kvm' }],
      'what it rests on: ./katafarm explain',
    ],
    [
      'errored',
      [{ status: 'errored', phase: 'boot', message: 'lost' }],
      'there is no verdict: the farm had trouble',
    ],
  ] as const)('reports nothing of a cell that %s', async (_, outcomes, why) => {
    await night('2026-11-18', { [cell]: outcomes });

    const { out, err, code } = await ask('bug', cell);

    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(`cannot report ${cell} to anybody: `);
    expect(err).toContain(why);
  });
});

it.each(['explain', 'bug'])('%s --json says one JSON value', async (verb) => {
  await diagnosed('one', ['a', 'fuse: invalid']);

  const { out, err } = await ask(verb, cell, '--json');

  expect(err).toBe('');
  expect(JSON.parse(out)).toMatchObject({ cell, run: 'one' });
});
