import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import { katafarm } from '../../support/context.ts';
import { entriesLike, failedTwice, qemuCells } from '../domain/run-like.ts';

const cell = 'debian-12/qemu/vmm.qemu.boot';
const transcript = `cells/${cell}/2/transcript.txt`;
const finding: Finding = {
  component: 'distro-vmm',
  confidence: 'table',
  because: ['the table says so', 'of /srv/farms/tonight/x'],
  evidence: [{ file: transcript, line: 3, text: 'panic: <b>at</b> /srv/farms/tonight/x' }],
  versions: {},
};

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'katafarm-exhibits-'));
  await mkdir(join(cwd, 'distros'));
  const debian = join(import.meta.dirname, '../../../distros/debian-12.yaml');
  await copyFile(debian, join(cwd, 'distros', 'debian-12.yaml'));
});

afterEach(() => rm(cwd, { recursive: true }));

const call = (...argv: readonly string[]) =>
  katafarm(argv, { cwd, root: cwd, now: () => new Date('2026-11-22') });
const published = (path: string) => readFile(join(cwd, 'reports', path), 'utf8');
const texts = (release = 'debian-12') =>
  readdir(join(cwd, 'reports/evidence', release)).catch(() => 'no folder');

/** A night whose boot is red, or green, with what its last attempt left. */
async function night(id: string, on: string, files: Readonly<Record<string, string>> | 'green') {
  const isRed = files !== 'green';
  const entries = entriesLike({
    ...{ id, on, cells: qemuCells('debian-12', isRed ? { 'qemu/vmm.qemu.boot': failedTwice } : {}) },
    ...(isRed && { findings: { [cell]: finding } }),
  });
  const folder = join(cwd, 'reports/runs', id);
  const kept = Object.entries(isRed ? files : {}).map(
    ([name, text]) => ({ path: `cells/${cell}/2/${name}`, text }) as const,
  );
  for (const { path, text } of kept) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const told = kept.map(({ path }): Entry => ({ at: `${on}T23:00:00.000Z`, type: 'file', cell, path }));
  const lines = [...entries.slice(0, -1), ...told, ...entries.slice(-1)];
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'journal.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

describe('what reds left', { timeout: 60_000 }, () => {
  it('is published with the lines that speak, and linked to from the story and the run', async () => {
    await night('n1', '2026-11-20', {
      'transcript.txt': 'one\ntwo\npanic: <b>at</b> \u001b[31mred\n',
      'console.log': '[    0.0] Linux\r\n',
      'qemu.log': '',
    });
    expect((await call('publish', 'n1')).code).toBe(0);

    const text = await published('evidence/debian-12/qemu.vmm.qemu.boot.txt');
    expect(text).toContain('owner    distro-vmm, ');
    expect(text).toContain('because  the table says so\n');
    expect(text).toContain(`==> ${transcript}\n 1  one\n 2  two\n>3  panic: <b>at</b> red\n`);
    expect(text).toContain('==> cells/debian-12/qemu/vmm.qemu.boot/2/console.log\n 1  [    0.0] Linux\n');
    expect(text).not.toContain('qemu.log');
    const page = await published('site/distros/debian-12.html');
    expect(page).toContain('<li>the table says so</li>');
    expect(page).toContain('<code>transcript.txt</code>, line 3');
    expect(page).toContain('panic: &lt;b&gt;at&lt;/b&gt;');
    expect(page).toContain('href="../../evidence/debian-12/qemu.vmm.qemu.boot.txt"');
    expect(await published('site/stories/debian-12.js')).toContain(
      'href=\\"../evidence/debian-12/qemu.vmm.qemu.boot.txt\\"',
    );
    expect(await published('site/runs/n1.html')).toContain(
      'href="../../evidence/debian-12/qemu.vmm.qemu.boot.txt"',
    );
  });

  it('says nothing of the host that made it', async () => {
    const farm = join(cwd, 'reports/runs/n1');
    await night('n1', '2026-11-20', { 'transcript.txt': `${farm}/x\ntoken=geheim1234\n` });
    await call('publish', 'n1');

    const text = await published('evidence/debian-12/qemu.vmm.qemu.boot.txt');
    expect(text).toContain(' 1  RUN/x\n 2  token=SECRET\n');
  });

  it('says nothing of it in what cells said either, for good or on a page', async () => {
    const farm = join(cwd, 'reports/runs/n1');
    await night('n1', '2026-11-20', { 'transcript.txt': 'x\n' });
    const path = join(farm, 'journal.jsonl');
    const said = (await readFile(path, 'utf8')).replaceAll(
      'no token',
      `no ${farm}/x, password=hunter2secret`,
    );
    await writeFile(path, said);
    await call('publish', 'n1');

    const all = await readdir(join(cwd, 'reports'), { recursive: true, withFileTypes: true });
    const files = all.filter((one) => one.isFile() && !one.parentPath.includes('reports/runs'));
    const texts = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), 'utf8')));
    expect(texts.filter((text) => text.includes('hunter2secret') || text.includes(farm))).toEqual([]);
    expect(await published('history/reds.jsonl')).toContain('no RUN/x, password=SECRET');
  });

  it('stays for as long as the red counts, and goes when it is green', async () => {
    await night('n1', '2026-11-20', { 'transcript.txt': 'first\n' });
    await night('n2', '2026-11-21', { 'transcript.txt': 'second\n' });
    await night('n3', '2026-11-22', 'green');
    await call('publish', 'n1');
    await rm(join(cwd, 'reports/runs/n1'), { recursive: true });
    await call('docs');
    expect(await published('evidence/debian-12/qemu.vmm.qemu.boot.txt')).toContain('first');
    expect(await published('site/distros/debian-12.html')).toContain('the table says so');

    await call('publish', 'n2');
    expect(await published('evidence/debian-12/qemu.vmm.qemu.boot.txt')).toContain('second');
    expect(await texts()).toEqual(['qemu.vmm.qemu.boot.txt']);

    await call('publish', 'n3');
    expect(await texts()).toBe('no folder');
    expect(await published('evidence/index.jsonl')).toBe('{"katafarm":"evidence","version":1}\n');
  });

  it('leaves what somebody else put there', async () => {
    await night('n1', '2026-11-20', { 'transcript.txt': 'first\n' });
    await night('n2', '2026-11-21', 'green');
    await call('publish', 'n1');
    await writeFile(join(cwd, 'reports/evidence/debian-12/notes.md'), 'mine');
    await call('publish', 'n2');

    expect(await texts()).toEqual(['notes.md']);
  });

  it('is no link where its text is gone, and no page depends on it', async () => {
    await night('n1', '2026-11-20', { 'transcript.txt': 'first\n' });
    await call('publish', 'n1');
    await rm(join(cwd, 'reports/evidence/debian-12'), { recursive: true });

    expect((await call('docs')).code).toBe(0);
    expect(await published('site/distros/debian-12.html')).not.toContain('evidence/debian-12');
  });

  it.each([
    [
      'no JSON',
      '{"katafarm":"evidence","version":1}\n{"cell":\n',
      /index\.jsonl:2: the line is no JSON object/,
    ],
    [
      'another version',
      '{"katafarm":"evidence","version":2}\n',
      /index\.jsonl:1: it is not evidence of version 1/,
    ],
    [
      'a file of elsewhere',
      '{"katafarm":"evidence","version":1}\n{"cell":"a/b/c","run":"n","because":[],"evidence":[],"file":"../x.txt"}\n',
      /index\.jsonl:2: it is no exhibit/,
    ],
  ])('refuses an index that is %s', async (_, index, message) => {
    await night('n1', '2026-11-20', { 'transcript.txt': 'first\n' });
    await mkdir(join(cwd, 'reports/evidence'), { recursive: true });
    await writeFile(join(cwd, 'reports/evidence/index.jsonl'), index);

    const { code, err } = await call('publish', 'n1');
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    expect(err).toContain('restore evidence/ from version control');
  });

  it('keeps what speaks of a log that is too long, the end, and the beginning, and counts the rest', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index + 1} ${'x'.repeat(40)}`);
    await night('n1', '2026-11-20', { 'transcript.txt': `${lines.join('\n')}\n` });
    await call('publish', 'n1');

    const text = await published('evidence/debian-12/qemu.vmm.qemu.boot.txt');
    expect(text.length).toBeLessThan(60_000);
    expect(text).toContain('>   3  line 3 x');
    expect(text).toContain('  5000  line 5000 x'.slice(1));
    expect(text).toMatch(/\n… \d+ lines are left out\n/);
  });

  it('has room for the first files, and says of the others what is left out', async () => {
    const long = Array.from({ length: 3000 }, (_, index) => `line ${index + 1} ${'x'.repeat(40)}\n`).join('');
    await night('n1', '2026-11-20', {
      ...{ 'transcript.txt': long, 'console.log': long, 'journal.txt': long, 'kernel.txt': 'one\n' },
    });
    await call('publish', 'n1');

    const text = await published('evidence/debian-12/qemu.vmm.qemu.boot.txt');
    expect(text.length).toBeLessThan(70_000);
    expect(text).toMatch(/2\/journal\.txt\n[^=]*… 29\d\d lines are left out\n/);
    expect(text).toContain('2/kernel.txt\n 1  one\n');
  });
});
