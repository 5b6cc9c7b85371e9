import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../src/domain/entry.ts';
import { katafarm } from '../support/context.ts';
import { shard } from '../unit/shards/shards-like.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'merge-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A shard as CI brings it back: a folder for the download, in it the run's, in it a transcript of each cell. */
async function brought(name: string, entries: readonly Entry[], end = ''): Promise<void> {
  const run = join(folder, 'journals', name, `run-${name}`);
  await put(join(run, 'journal.jsonl'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join('') + end);
  for (const entry of entries) {
    if (entry.type === 'cell-started') {
      await put(join(run, 'cells', entry.cell, '1/transcript.txt'), `${name}: ${entry.cell}\n`);
    }
  }
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const merge = (...words: readonly string[]) =>
  katafarm(['merge', join(folder, 'journals'), '--out', join(folder, 'out'), '--json', ...words]);

const journalOf = ({ folder: place }: { readonly folder: string }) =>
  readFile(join(place, 'journal.jsonl'), 'utf8');

describe('katafarm merge', () => {
  it('makes one run of all that a folder holds, with its reports and what the cells left', async () => {
    for (const index of [1, 2, 3] as const) {
      await brought(String(index), shard(index));
    }

    const { code, err, out } = await merge();
    const told = JSON.parse(out);

    expect({ code, err, missing: told.missing }).toEqual({ code: 0, err: '', missing: [] });
    expect(await readFile(join(told.folder, 'cells/debian-12/host/host.boot/1/transcript.txt'), 'utf8')).toBe(
      '2: debian-12/host/host.boot\n',
    );
    const junit = await readFile(join(told.folder, 'junit.xml'), 'utf8');
    expect(junit.match(/<testcase /g)).toHaveLength(6);
  });

  it('is the same again of itself, and of itself with its shards', async () => {
    for (const index of [1, 2, 3] as const) {
      await brought(String(index), shard(index));
    }
    const first = JSON.parse((await merge()).out);
    const before = await journalOf(first);

    const again = JSON.parse((await merge(first.folder)).out);

    expect(again.run).toBe(first.run);
    expect(await journalOf(again)).toBe(before);
  });

  it('goes on without a journal that can not be read, says so, and exits 3', async () => {
    await brought('1', shard(1));
    await brought('2', [], 'no journal\n');
    await brought('3', shard(3), '{"at":"2026');

    const { code, err, out } = await merge();

    expect(code).toBe(3);
    expect(err).toMatch(/left out: cannot read .*journals\/2\/run-2\/journal\.jsonl:1: the line is not JSON/);
    expect(err).toContain('katafarm: shard 2 of 3 never came back\n');
    expect(JSON.parse(out).missing).toEqual(['debian-12/host/host.boot', 'debian-12/host/host.kvm']);
  });

  it('exits 3 where nothing came back, and where less was done than expected', async () => {
    await mkdir(join(folder, 'journals'));
    expect(await merge()).toMatchObject({ code: 3, err: expect.stringContaining('no shard came back') });
    expect(await katafarm(['merge', 'nosuch', 'neither'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^katafarm: cannot find run nosuch: [^;]+; [^;]+\n$/),
    });

    for (const index of [1, 2, 3] as const) {
      await brought(String(index), shard(index));
    }
    const said = await merge('--expect', 'host.boot>=2 per distro');
    expect(said).toMatchObject({
      code: 3,
      err: expect.stringContaining("not as expected: --expect 'host.boot>=2"),
    });
  });

  it('exits 2 for shards of two plans, naming both', async () => {
    await brought('1', shard(1));
    await brought('2', shard(2, { split: 'ffffffffffff' }));

    const { code, err } = await merge();

    expect(code).toBe(2);
    expect(err).toMatch(/cannot merge .*journals\/2\/run-2.* with .*journals\/1\/run-1.*: another plan/);
  });

  it('copies no link out of a shard: it may lead anywhere', async () => {
    await brought('1', shard(1));
    const cell = join(folder, 'journals/1/run-1/cells/debian-11/host/host.boot/1');
    await symlink('/etc/passwd', join(cell, 'console.txt'));

    const { out } = await merge();

    const copied = join(JSON.parse(out).folder, 'cells/debian-11/host/host.boot/1');
    expect(await readFile(join(copied, 'transcript.txt'), 'utf8')).toContain('host.boot');
    await expect(readFile(join(copied, 'console.txt'))).rejects.toThrow('ENOENT');
  });
});
