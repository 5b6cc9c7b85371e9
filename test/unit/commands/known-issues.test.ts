import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withKnownIssues } from '../../../src/commands/known-issues.ts';
import { katafarm } from '../../support/context.ts';
import { entriesLike, failedTwice, passed } from '../domain/run-like.ts';

const text = `title: The guest says nothing
class: no-token
evidence: "^no token$"
scope: { releases: [debian-12], stacks: [qemu], scenarios: ["vmm.qemu.*"] }
tracker: https://tracker.example/1
confirmed: 2026-11-22
expires: 2027-05-31
`;

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'katafarm-known-'));
  await put('mine/known-issues/kata-1.yaml', text);
  await copyFile(
    resolve(import.meta.dirname, '../../../distros/debian-13.yaml'),
    join(cwd, 'mine', 'debian-13.yaml'),
  );
});

afterEach(() => rm(cwd, { recursive: true }));

it.each([
  ['debian-12/qemu/vmm.qemu.boot', ['kata-1']],
  ['debian-13/qemu/vmm.qemu.boot', undefined],
  ['debian-12/host/host.kvm', undefined],
])('writes down what is known of a run with %s: %j', async (cell, ids) => {
  const [opening] = entriesLike({ cells: { [cell]: passed } });
  if (opening?.type !== 'run-started') {
    throw new Error('a run starts');
  }

  const noted = await withKnownIssues({ cwd, root: cwd }, opening, opening.plan, { distros: 'mine' });

  expect('knownIssues' in noted ? noted.knownIssues?.map(({ id }) => id) : undefined).toEqual(ids);
});

it.each([
  ['green', passed, 2],
  ['red', failedTwice, 0],
])('refuses a pattern that a transcript of a %s cell has, or not', async (_, told, code) => {
  const cell = 'debian-13/host/host.kvm';
  const journal = entriesLike({ id: 'n1', cells: { [cell]: told } }).map((entry) => JSON.stringify(entry));
  await put('reports/runs/n1/journal.jsonl', `${journal.join('\n')}\n`);
  await put(`reports/runs/n1/cells/${cell}/${told.length}/transcript.txt`, '[   4.3] no token\n');

  const { err } = await katafarm(['validate', '--no-bundled', '--distros', 'mine'], { cwd });

  expect(err.includes('mine/known-issues/kata-1.yaml:3:11 "evidence" matches what green cells say')).toBe(
    code === 2,
  );
});

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(cwd, path)), { recursive: true });
  await writeFile(join(cwd, path), content);
}
