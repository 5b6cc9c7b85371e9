import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concerns, issuesBehind } from '../../../src/domain/known-issue.ts';
import { knownIssueJsonSchema } from '../../../src/load/known-issue-schema.ts';
import { checkKnownIssues, loadKnownIssues } from '../../../src/load/load-known-issues.ts';

const ours = resolve(import.meta.dirname, '../../../distros/known-issues');
const good = `title: The guest says nothing
class: no-token
evidence: "^no token$"
kata: ">=4.0.0 <5.0.0"
packages:
  qemu-system-x86: ">=1:7.2 <1:8"
scope:
  releases: [debian-12]
  stacks: [qemu]
  scenarios: ["vmm.qemu.*"]
tracker: https://tracker.example/1
confirmed: 2026-11-22
expires: 2027-05-31
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-known-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function complaintsOf(text: string, name = 'mine-1.yaml', green: readonly string[] = []) {
  await writeFile(join(folder, name), text);
  const { complaints } = await checkKnownIssues(folder, green);
  return complaints.map((complaint) => complaint.replace(`${folder}/`, ''));
}

describe('a known issue as a file', () => {
  it('is read with its name as id', async () => {
    await writeFile(join(folder, 'kata-1.yaml'), good);

    expect(await loadKnownIssues(folder)).toEqual([
      {
        id: 'kata-1',
        title: 'The guest says nothing',
        class: 'no-token',
        evidence: '^no token$',
        kata: '>=4.0.0 <5.0.0',
        packages: { 'qemu-system-x86': '>=1:7.2 <1:8' },
        scope: { releases: ['debian-12'], stacks: ['qemu'], scenarios: ['vmm.qemu.*'] },
        tracker: 'https://tracker.example/1',
        confirmed: '2026-11-22',
        expires: '2027-05-31',
      },
    ]);
  });

  it('need not be there', async () => {
    expect(await loadKnownIssues(join(folder, 'none'))).toEqual([]);
  });

  it.each([
    ['class: no-token', 'clas: no-token', 'mine-1.yaml:2:1 unknown key "clas"; did you mean "class"?'],
    ['class: no-token\n', '', 'mine-1.yaml:1:1 "class" is missing'],
    ['">=4.0.0 <5.0.0"', '4.x', 'mine-1.yaml:4:7 "kata" must be a range of versions: ">=1:7.2 <1:8"'],
    [
      '">=1:7.2 <1:8"',
      '"~> 7"',
      'mine-1.yaml:6:20 "packages.qemu-system-x86" must be a range of versions: ">=1:7.2 <1:8"',
    ],
    ['https://', 'http://', 'mine-1.yaml:11:10 "tracker" must be an address that begins with https://'],
    ['2027-05-31', '2026-11-22', 'mine-1.yaml:13:10 "expires" is not after it was confirmed on 2026-11-22'],
    ['2026-11-22', 'lately', 'mine-1.yaml:12:12 "confirmed" must be a date like 2028-08-09'],
    ['[qemu]', '[]', 'mine-1.yaml:9:11 "scope.stacks" must not be empty'],
  ])('is refused where %s is %s, at its place', async (before, after, complaint) => {
    const [found = ''] = await complaintsOf(good.replace(before, after));

    expect(found.replace('2026-11-22"', '2028-08-09"').replace(/like \S+$/, 'like 2028-08-09')).toBe(
      complaint,
    );
  });

  it('is refused by a name that is no id', async () => {
    expect(await complaintsOf(good, 'Kata_1.yaml')).toEqual([
      "Kata_1.yaml:1:1 the file's name is the id, and must look like kata-9375.yaml",
    ]);
  });

  it.each([
    ['.*', /matches nothing at all, and so every failure/],
    ['x?', /matches nothing at all/],
    ['error', /matches what green cells say: "io\.containerd\.snapshotter/],
    ['virtiofsd', /matches what green cells say/],
    ['[0-9]+', /matches what green cells say/],
    ['(', /is no regular expression/],
  ])('is refused with the pattern %s, which would excuse anything', async (pattern, message) => {
    const [complaint = ''] = await complaintsOf(good.replace('^no token$', pattern));

    expect(complaint).toMatch(/^mine-1\.yaml:3:11 "evidence" /);
    expect(complaint).toMatch(message);
  });

  it('is refused with a pattern that a green cell of a run has said', async () => {
    expect(await complaintsOf(good, 'mine-1.yaml', ['no token'])).toEqual([
      expect.stringContaining('matches what green cells say: "no token"'),
    ]);
    expect(await complaintsOf(good)).toEqual([]);
  });
});

describe('the known issues that come along', () => {
  it('are well formed, and one of them is #9375', async () => {
    const issues = await loadKnownIssues(ours);

    expect(issues.map(({ id }) => id)).toContain('kata-9375');
  });

  it('have a schema for editors that is what they are checked by', async () => {
    expect(await readFile(join(ours, 'known-issue.schema.json'), 'utf8')).toBe(knownIssueJsonSchema());
  });

  it.each([
    'its VMM was killed, and the container is RUNNING',
    'its VMM was killed, and the container can not be removed',
  ])('know #9375 where kata.kill-vmm says: %s', async (message) => {
    const issues = await loadKnownIssues(ours);
    const cell = { distro: 'debian-13', stack: 'qemu', scenario: 'kata.kill-vmm' } as const;
    const suspect = { cell, kata: '4.1.0', packages: {} };
    const failed = { status: 'failed', class: 'vmm-death-unnoticed', message } as const;

    expect(issuesBehind(issues, suspect, failed)).toEqual(['kata-9375']);
    expect(issues.some((issue) => concerns(issue, { ...suspect, cell: { ...cell, stack: 'clh' } }))).toBe(
      false,
    );
  });
});
