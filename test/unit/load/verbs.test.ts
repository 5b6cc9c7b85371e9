import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { katafarm } from '../../support/context.ts';

const ours = resolve(import.meta.dirname, '../../../distros');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-verbs-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('katafarm validate', () => {
  it('is content with what comes along', async () => {
    const { out, err, code } = await katafarm(['validate']);

    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toMatch(/^\d+ releases, \d+ known issues? and \d+ scenarios are well formed\n$/);
  });

  it('says every complaint, with paths below the current folder, and exits with 2', async () => {
    await writeFile(join(folder, 'debian-14.yaml'), 'titel: Debian 14\n');

    const { out, err, code } = await katafarm(['validate', '--no-bundled', '--distros', folder], {
      cwd: folder,
    });

    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain('debian-14.yaml:1:1 unknown key "titel"; did you mean "title"?\n');
    expect(err).not.toContain(folder);
    expect(err).toContain('katafarm: 7 complaints\n');
  });

  it('says one JSON value with --json, and nothing else', async () => {
    await writeFile(join(folder, 'debian-14.yaml'), '- Debian 14\n');

    const { out, err, code } = await katafarm(['validate', '--json', '--no-bundled', '--distros', folder], {
      cwd: folder,
    });

    expect({ err, code }).toEqual({ err: '', code: 2 });
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      distros: 0,
      complaints: ['debian-14.yaml:1:1 must be a mapping, not a list'],
    });
  });

  it('misses a schema for editors that is not what releases are checked by, until it is written anew', async () => {
    await cp(ours, join(folder, 'distros'), { recursive: true });
    await mkdir(join(folder, 'scenarios'));
    await writeFile(join(folder, 'distros', 'distro.schema.json'), '{}\n');
    const here = { root: folder, cwd: folder };

    const before = await katafarm(['validate'], here);
    const after = await katafarm(['validate', '--write-schema'], here);

    expect(before.code).toBe(2);
    expect(before.err).toContain('write it anew: ./katafarm validate --write-schema');
    expect(after).toMatchObject({ err: '', code: 0 });
  });
});

describe('katafarm list', () => {
  it.each([
    ['2026-08-31T12:00:00Z', 'LTS until 2026-08-31'],
    ['2026-09-01T00:00:00Z', 'eol since 2026-08-31'],
    ['2024-08-14T12:00:00Z', 'until 2024-08-14'],
  ])('tells on %s that debian-11 is %s', async (day, state) => {
    const { out } = await katafarm(['list', 'distros'], { now: () => new Date(day) });

    expect(out).toMatch(
      new RegExp(
        `^debian-11 +Debian 11 \\(bullseye\\) +amd64 arm64 +apt +${state} +qemu +tested \\d+, read \\d+ of 11$`,
        'm',
      ),
    );
  });

  it('shows a release once, whatever architectures it has, and how far each file is trusted', async () => {
    const { out } = await katafarm(['list', 'distros', '--distros', ours]);
    const lines = out.trimEnd().split('\n').slice(1);
    const ids = lines.map((line) => line.split(' ')[0]);

    expect(ids.length).toBeGreaterThanOrEqual(25);
    expect(new Set(ids).size).toBe(ids.length);
    expect(out).not.toContain('@');
    expect(lines.filter((line) => !/( of 11| unverified)$/.test(line))).toEqual([]);
  });

  it('shows one release in full, with the source and the trust of every claim', async () => {
    const { out, err } = await katafarm(['list', 'distros', 'debian-13@arm64']);

    expect(err).toBe('');
    expect(out).toMatch(/^debian-13@arm64 {2}Debian 13 \(trixie\)\n/);
    expect(out).toMatch(
      / qemu +qemu-system-arm {2}\/usr\/bin\/qemu-system-aarch64\n +maintained by .+\n +read: the arm64 package index/,
    );
    expect(out).toMatch(/ firecracker +not packaged: .+\n +read: /);
    expect(out.match(/^ +(tested|read|unverified): \S/gm)).toHaveLength(14);
  });

  it('says what is to be brought, and what nobody knows', async () => {
    const { out } = await katafarm(['list', 'distros', 'nixos-26.05']);
    const ubuntu = await katafarm(['list', 'distros', 'ubuntu-24.04']);

    expect(out).toMatch(/ cloud +to be brought: .+\n +boots with bios or uefi\n +unverified: /);
    expect(ubuntu.out).toMatch(/ nerdctl +unknown: /);
  });

  it('names a release that it does not know, and what else is not shown alone', async () => {
    const unknown = await katafarm(['list', 'distros', 'debain-13']);
    const other = await katafarm(['list', 'stacks', 'qemu']);

    expect(unknown.err).toBe('katafarm: cannot find the release "debain-13": did you mean "debian-13"?\n');
    expect(other.err).toMatch(/^katafarm: cannot list "qemu" alone: only a release is shown in full/);
    expect([unknown.code, other.code]).toEqual([2, 2]);
  });

  it.each(['distros', 'scenarios', 'stacks', 'engines', 'providers', 'runs'])(
    'says %s as one JSON value',
    async (what) => {
      const { out, err } = await katafarm(['list', what, '--json', '--out', folder]);

      expect(err).toBe('');
      expect(JSON.parse(out)).toBeInstanceOf(Array);
    },
  );

  it('suggests the nearest for what it does not list', async () => {
    const { err, code } = await katafarm(['list', 'distro']);

    expect({ err, code }).toEqual({
      err: 'katafarm: cannot list "distro": did you mean "distros"?\n',
      code: 2,
    });
  });

  it('tells of runs newest first, and of journals that cannot be read', async () => {
    await writeRun('old', [started('old', '2026-01-01T00:00:00.000Z')]);
    await writeRun('new', [
      started('new', '2026-01-02T00:00:00.000Z'),
      {
        at: '2026-01-02T00:01:00.000Z',
        type: 'cell-ended',
        cell: 'debian-13/host/host.cpu',
        outcome: { status: 'passed' },
        ms: 9,
      },
      { at: '2026-01-02T00:02:00.000Z', type: 'run-ended' },
    ]);
    await writeRun('damaged', []);
    await mkdir(join(folder, 'no-run'));

    const { out, code } = await katafarm(['list', 'runs', '--out', folder]);

    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['run', 'started', 'cells'],
      ['new', '2026-01-02T00:00:00.000Z', '1 passed'],
      ['old', '2026-01-01T00:00:00.000Z', 'none yet (not ended)'],
      ['damaged', '–', expect.stringContaining('it does not begin with the start of a run')],
      [''],
    ]);
  });
});

async function writeRun(name: string, entries: readonly Entry[]): Promise<void> {
  await mkdir(join(folder, name));
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  await writeFile(join(folder, name, 'journal.jsonl'), text);
}

function started(run: string, at: string): Entry {
  const plan = { batches: [], skipped: [] };
  return { at, type: 'run-started', v: 1, run, host: {}, plan, distros: [], command: [], modified: [] };
}
