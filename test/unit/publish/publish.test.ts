import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/domain/matrix.ts';
import { readChronicle } from '../../../src/publish/chronicle-store.ts';
import { publish } from '../../../src/publish/publish.ts';
import { withLock } from '../../../src/publish/with-lock.ts';
import { writeArtifacts } from '../../../src/publish/write-artifacts.ts';
import { supportPage } from '../../../src/report/support-page.ts';
import { passed, qemuCells, runLike } from '../domain/run-like.ts';

const today = '2026-11-22';
const pages = (matrix: Matrix) => [{ path: 'SUPPORT.md', text: supportPage(matrix) }];
const trixie = runLike({ id: 'n1', cells: qemuCells('debian-13') });
const bookworm = runLike({ id: 'n2', cells: qemuCells('debian-12') });

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-publish-'));
});

afterEach(() => rm(folder, { recursive: true }));

const read = (name: string) => readFile(join(folder, name), 'utf8');

describe('publishing', () => {
  it('keeps the releases that were published before', async () => {
    await publish([trixie], { folder, pages, today });
    await publish([bookworm], { folder, pages, today });

    const page = await read('SUPPORT.md');

    expect(page).toContain('| debian-12 | **capable (emulated)** |');
    expect(page).toContain('| debian-13 | **capable (emulated)** |');
  });

  it('writes the same bytes at once as one run after the other, and again', async () => {
    await publish([trixie], { folder, pages, today });
    await publish([bookworm], { folder, pages, today });
    const steps = [await read('SUPPORT.md'), await read('matrix.json')];

    await publish([bookworm, trixie], { folder, pages, today });

    expect([await read('SUPPORT.md'), await read('matrix.json')]).toEqual(steps);
  });

  it('says of a run that it was cut short, and of how many cells nothing is known', async () => {
    const cells = { ...qemuCells('debian-13'), 'debian-13/host/host.kvm': undefined };

    const { remarks } = await publish([runLike({ id: 'n1', cells })], { folder, pages, today });

    expect(remarks).toEqual(['n1 was cut short: 1 of its cells came to no end']);
  });

  it('refuses a shard, which the merged run would count once more', async () => {
    const { plan, distros } = trixie;
    const part = { index: 2, of: 3, split: '0123456789ab', plan, distros };

    await expect(publish([{ ...trixie, part }], { folder, pages, today })).rejects.toThrow(
      /cannot publish n1: it is shard 2 of 3, .*katafarm merge/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    [9, 0],
    [8, 1],
  ])(
    'remarks where a run by the same command has %d of 10 executed cells: %d remarks',
    async (count, remarks) => {
      const errored = [{ status: 'errored', phase: 'boot', message: 'no answer' }] as const;
      const ids = Array.from({ length: 10 }, (_, index) => `debian-13/host/host.n${index}`);
      const night = (id: string, on: string, ran: number) =>
        runLike({
          id,
          on,
          cells: Object.fromEntries(ids.map((cell, nth) => [cell, nth < ran ? passed : errored])),
        });
      await publish([night('n1', '2026-11-20', 10)], { folder, pages, today });

      const told = await publish([night('n2', '2026-11-21', count)], { folder, pages, today });

      expect(told.remarks).toHaveLength(remarks);
      expect(told.remarks.join()).toBe(
        remarks === 0
          ? ''
          : 'n2 has 8 executed cells, and n1, the last one published by the same command, has 10',
      );
    },
  );

  it('lets old words fade when newer ones are published', async () => {
    await publish([trixie], { folder, pages, today });
    await publish([bookworm], { folder, pages, today: '2026-12-20' });

    expect(await read('SUPPORT.md')).toContain('| debian-13 | **unknown (was capable)** |');
  });

  it('refuses a run that was modified by hand, and touches nothing', async () => {
    await publish([trixie], { folder, pages, today });
    const before = await read('matrix.json');
    const modified = runLike({ id: 'n3', modified: ['--prepare fix.sh'], cells: qemuCells('debian-12') });

    await expect(publish([bookworm, modified], { folder, pages, today })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 2,
      message: expect.stringMatching(/^cannot publish n3: .*--prepare fix\.sh/),
    });
    expect(await read('matrix.json')).toBe(before);
  });

  it.each([
    ['is not JSON', '<<<<<<< HEAD', /it is not JSON; restore it/],
    ['is of another version', '{"version": 2}', /of version 2, and this katafarm knows version 1/],
    ['lost its evidence', '{"version": 1}', /its evidence is missing/],
    ['is empty of meaning', 'null', /of version undefined/],
  ])('does not write over a matrix that %s', async (_, text, message) => {
    await writeFile(join(folder, 'matrix.json'), text);

    await expect(publish([trixie], { folder, pages, today })).rejects.toThrow(message);

    expect(await readdir(folder)).toEqual(['matrix.json']);
    expect(await read('matrix.json')).toBe(text);
  });
});

describe('two who publish at once', () => {
  it('lose nothing of each other', async () => {
    await Promise.all([trixie, bookworm].map((run) => publish([run], { folder, pages, today })));

    const page = await read('SUPPORT.md');

    expect(page).toContain('| debian-12 | **capable');
    expect(page).toContain('| debian-13 | **capable');
    expect((await readdir(folder)).toSorted()).toEqual(['SUPPORT.md', 'evidence', 'history', 'matrix.json']);
    expect((await readChronicle(folder)).runs.map(({ id }) => id)).toEqual(['n1', 'n2']);
  });

  it('are told of a lock that nobody gives back, who holds it, and how to remove it', async () => {
    const lock = join(folder, 'matrix.json.lock');
    await writeFile(lock, '4711\n');

    await expect(withLock(lock, async () => 'written', 50)).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 3,
      message: expect.stringMatching(
        /matrix\.json\.lock: process 4711 holds .* remove the file: rm .*\.lock$/,
      ),
    });
    expect(await readdir(folder)).toEqual(['matrix.json.lock']);
  });
});

describe('SUPPORT.md', () => {
  it('says which optional cell failed, why, and the command that repeats it in the same manner', async () => {
    const cells = {
      ...qemuCells('debian-13'),
      'debian-13/host/host.lsm': [
        { status: 'failed', message: 'AppArmor is off' },
        { status: 'failed', message: 'AppArmor is off' },
      ],
    } as const;
    const command = ['debian-13', '--mirror', 'https://mirror.example/', '--allow-expired-mirror'];

    await publish([{ ...runLike({ cells }), command }], { folder, pages, today });

    expect(await read('SUPPORT.md')).toContain(
      '- **qemu: degraded (emulated)**: not required, but host.lsm failed: AppArmor is off (debian-13/host/host.lsm, run night-1); ' +
        'again: `./katafarm run debian-13 --stack host --scenario host.lsm --allow-expired-mirror --kata none`',
    );
    expect(await read('SUPPORT.md')).toContain('- qemu: host/host.cpu, host/host.devices,');
  });

  it('says the cause of a word that is not capable, and the command that repeats it', async () => {
    await publish([runLike({ cells: { 'debian-13/host/host.boot': passed } })], { folder, pages, today });

    expect(await read('SUPPORT.md')).toContain(
      '- **qemu: unknown**: host.kvm was never run (debian-13/host/host.kvm); ' +
        'again: `./katafarm run debian-13 --stack host --scenario host.kvm --kata none`',
    );
  });
});

describe('writing artifacts', () => {
  const artifacts = [
    { path: 'matrix.json', text: 'new' },
    { path: 'SUPPORT.md', text: 'new' },
  ];

  it('makes the folder, and leaves nothing beside the files', async () => {
    const deep = join(folder, 'reports', 'night');

    await writeArtifacts(deep, artifacts);

    expect((await readdir(deep)).toSorted()).toEqual(['SUPPORT.md', 'matrix.json']);
  });

  it('puts the first file back where the second refuses', async () => {
    await writeFile(join(folder, 'matrix.json'), 'old');
    await mkdir(join(folder, 'SUPPORT.md'));

    await expect(writeArtifacts(folder, artifacts)).rejects.toThrow(/^cannot write into /);

    expect(await read('matrix.json')).toBe('old');
    expect((await readdir(folder)).toSorted()).toEqual(['SUPPORT.md', 'matrix.json']);
  });

  it('takes a new first file away again where the second refuses', async () => {
    await mkdir(join(folder, 'SUPPORT.md'));

    await expect(writeArtifacts(folder, artifacts)).rejects.toThrow(/^cannot write into /);

    expect(await readdir(folder)).toEqual(['SUPPORT.md']);
  });

  it('says what to do where a file is in the way of the folder', async () => {
    await writeFile(join(folder, 'reports'), '');

    await expect(writeArtifacts(join(folder, 'reports', 'runs'), artifacts)).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 3,
      message: expect.stringContaining('take another folder with --out'),
    });
  });
});
