import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/domain/exit-code.ts';
import { issuesBehind, type KnownIssue } from '../../../src/domain/known-issue.ts';
import { matrixOf } from '../../../src/domain/matrix.ts';
import { knownIssueLines } from '../../../src/report/known-issue-lines.ts';
import { passed, qemuCells, runLike } from '../domain/run-like.ts';
import { knownIssueLike, noToken } from './known-issue-like.ts';
import { supportIn } from './nightly.ts';

const today = '2026-11-21';
const cell = { distro: 'debian-12', stack: 'qemu', scenario: 'vmm.qemu.boot' } as const;
const suspect = { cell, kata: '4.1.0', packages: { 'qemu-system-x86': '1:7.2+dfsg-7' } };
const failed = { status: 'failed', class: 'no-token', message: 'no token' } as const;

const night = (knownIssues: readonly KnownIssue[], change = {}, on = today) =>
  runLike({
    id: `night-${on}`,
    on,
    cells: qemuCells('debian-12', { 'qemu/vmm.qemu.boot': noToken, ...change }),
    knownIssues,
  });
const bookworm = (knownIssues: readonly KnownIssue[], change = {}, day = today) =>
  supportIn([night(knownIssues, change), runLike({ id: 'anchor', cells: qemuCells('debian-13') })], day, {
    release: 'debian-12',
  });

describe('a known issue', () => {
  it.each<[string, Partial<KnownIssue>, boolean]>([
    ['class and evidence match', {}, true],
    ['only the evidence matches', { class: 'vmm-exited' }, false],
    ['only the class matches', { evidence: 'no agent' }, false],
    ['Kata is in its range', { kata: '>=4.0.0 <5.0.0' }, true],
    ['Kata is not', { kata: '>=4.2.0' }, false],
    ['the package is in its range', { packages: { 'qemu-system-x86': '>=1:7.2 <1:8' } }, true],
    ['the package is not', { packages: { 'qemu-system-x86': '>=1:8' } }, false],
    ['the package is not there at all', { packages: { virtiofsd: '>=1' } }, false],
    ['the release is not meant', { scope: { ...knownIssueLike().scope, releases: ['fedora-*'] } }, false],
    ['the stack is not', { scope: { ...knownIssueLike().scope, stacks: ['clh'] } }, false],
    ['the scenario is not', { scope: { ...knownIssueLike().scope, scenarios: ['kata.*'] } }, false],
  ])('is behind a failure or not where %s', (_, change, isBehind) => {
    const issue = knownIssueLike(change);

    expect(issuesBehind([issue], suspect, failed)).toEqual(isBehind ? ['kata-1'] : []);
  });

  it('of a range of Kata is behind no failure without Kata', () => {
    const { kata: _, ...without } = suspect;

    expect(issuesBehind([knownIssueLike({ kata: '>=4.0.0' })], without, failed)).toEqual([]);
  });

  it("takes a finding's class, and a line of its evidence or of the failure's detail", () => {
    const finding = {
      component: 'unknown',
      class: 'qemu-exited',
      because: [],
      evidence: [{ file: 'console.log', line: 7, text: 'a line of the console' }],
      versions: {},
    } as const;
    const inEvidence = knownIssueLike({ class: 'qemu-exited', evidence: 'of the console$' });
    const inDetail = knownIssueLike({ evidence: '^second line$' });

    expect(issuesBehind([inEvidence], suspect, failed, finding)).toEqual(['kata-1']);
    expect(issuesBehind([inEvidence], suspect, failed)).toEqual([]);
    expect(issuesBehind([inDetail], suspect, { ...failed, detail: 'first line\nsecond line' })).toEqual([
      'kata-1',
    ]);
  });
});

describe('the word of a release whose failure is known', () => {
  it('is known-issue, with its tracker', () => {
    expect(bookworm([knownIssueLike()])).toMatchObject({
      word: 'known-issue',
      reason: "vmm.qemu.boot failed at 'boot': no token; known issue kata-1 (https://tracker.example/1)",
    });
  });

  it.each<[string, Partial<KnownIssue>, RegExp]>([
    [
      'expired',
      { expires: '2026-11-20' },
      /whose fault: unknown; known issue kata-1 \(.*\) expired on 2026-11-20, and excuses nothing$/,
    ],
    ['not confirmed for 90 days', { confirmed: '2026-08-22' }, /was last confirmed on 2026-08-22/],
  ])('is broken where the issue is %s, which is said', (_, change, reason) => {
    expect(bookworm([knownIssueLike(change)])).toMatchObject({
      word: 'broken',
      reason: expect.stringMatching(reason),
    });
  });

  it('still is known-issue on the last day of the issue, and of its confirmation', () => {
    const issue = knownIssueLike({ confirmed: '2026-08-23', expires: today });

    expect(bookworm([issue]).word).toBe('known-issue');
  });

  it('is broken by another red that nobody knows', () => {
    const other = [
      { status: 'failed', message: 'no socket' },
      { status: 'failed', message: 'no socket' },
    ];

    expect(bookworm([knownIssueLike()], { 'qemu/vmm.virtiofsd.start': other })).toMatchObject({
      word: 'broken',
      cell: 'debian-12/qemu/vmm.virtiofsd.start',
    });
  });

  it('goes with what was known when the run began', () => {
    expect(bookworm([]).word).toBe('broken');
  });
});

describe('a run whose failures are known', () => {
  it.each<[string, readonly KnownIssue[], 0 | 1]>([
    ['a valid issue', [knownIssueLike()], 0],
    ['an expired one', [knownIssueLike({ expires: '2026-11-20' })], 1],
    ['one that is not confirmed any more', [knownIssueLike({ confirmed: '2026-08-22' })], 1],
    ['none', [], 1],
  ])('by %s exits accordingly', (_, knownIssues, code) => {
    expect(exitCodeOf(night(knownIssues), {})).toBe(code);
  });

  it('exits 1 for one failure that is not', () => {
    const change = { 'host/host.kvm': [{ status: 'failed', message: 'no KVM' }] };

    expect(exitCodeOf(night([knownIssueLike()], change), {})).toBe(1);
  });

  it('says which they are', () => {
    const issues = [knownIssueLike(), knownIssueLike({ id: 'old-2', expires: '2026-11-20' })];

    expect(knownIssueLines(night(issues))).toEqual([
      'debian-12/qemu/vmm.qemu.boot failed: known issue kata-1 (https://tracker.example/1), excused: the guest says nothing',
      'debian-12/qemu/vmm.qemu.boot failed: known issue old-2 (https://tracker.example/1) expired on 2026-11-20, and excuses nothing: the guest says nothing',
    ]);
  });

  it('says which known issue no longer shows', () => {
    expect(knownIssueLines(night([knownIssueLike()], { 'qemu/vmm.qemu.boot': passed }))).toEqual([
      expect.stringMatching(/^fixed: known issue kata-1 .* is green in debian-12\/qemu\/vmm\.qemu\.boot, /),
    ]);
  });
});

describe('a known issue over the nights', () => {
  const only = knownIssueLike({ scope: { ...knownIssueLike().scope, scenarios: ['vmm.qemu.boot'] } });
  const green = { 'qemu/vmm.qemu.boot': passed };
  const stateAfter = (changes: readonly object[], issue = only, day = today) => {
    const runs = changes.map((change, index) => night([issue], change, `2026-11-${18 + index}`));
    return matrixOf(runs, { today: day }).issues?.map(({ state, red, green: cells }) => [
      state,
      red.length,
      cells.length,
    ]);
  };

  it.each<[string, readonly object[], string, number, number]>([
    ['open while it shows', [{}], 'open', 1, 0],
    ['fixed once its cell is green', [{}, green], 'fixed', 0, 1],
    ['fixed after two greens', [{}, green, green], 'fixed', 0, 1],
    ['closed after three', [{}, green, green, green], 'closed', 0, 1],
    ['open again when it comes back', [green, green, green, {}], 'open', 1, 0],
  ])('is %s', (_, changes, state, red, cells) => {
    expect(stateAfter(changes)).toEqual([[state, red, cells]]);
  });

  it('is open while one of its cells fails by it, though another is green', () => {
    expect(stateAfter([{}], knownIssueLike())).toEqual([['open', 1, 2]]);
  });

  it('is not closed while one of its cells fails by something else', () => {
    const other = { 'qemu/vmm.qemu.boot': [{ status: 'failed', message: 'no socket' }] };

    expect(stateAfter([other, other, other], knownIssueLike())).toEqual([['fixed', 0, 2]]);
  });

  it('is expired, or unconfirmed, while it shows', () => {
    expect(stateAfter([{}], only, '2027-05-02')).toEqual([['expired', 1, 0]]);
    expect(stateAfter([{}], only, '2027-03-01')).toEqual([['unconfirmed', 1, 0]]);
  });

  it('comes to the same from what was published before', () => {
    const runs = [night([only], {}, '2026-11-18'), night([only], green, '2026-11-19')];
    const [first, second] = runs;
    const before = first && matrixOf([first], { today }).evidence;

    const then = matrixOf(second ? [second] : [], { today, earlier: JSON.parse(JSON.stringify(before)) });

    expect(then).toEqual(matrixOf(runs, { today }));
  });
});
