import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrixOf } from '../../../src/domain/matrix.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Run } from '../../../src/domain/run.ts';
import { printed } from '../../../src/domain/support.ts';
import { failedTwice, passed, qemuCells, runLike } from '../domain/run-like.ts';

const today = '2026-11-22';
const red = { 'qemu/vmm.qemu.boot': failedTwice };
const anchor = (change: Partial<Parameters<typeof runLike>[0]> = {}) =>
  runLike({ id: 'anchor', cells: qemuCells('debian-13'), ...change });

function supportOf(release: string, runs: readonly Run[], day = today) {
  const found = matrixOf(runs, { today: day }).releases.find(({ distro }) => distro.id === release);
  const [support] = found?.stacks ?? [];
  if (!support) {
    throw new Error(`nothing was said of ${release}`);
  }
  return support;
}

function wordOf(release: string, runs: readonly Run[], day?: string): string {
  return printed(supportOf(release, runs, day));
}

const only = (change: Readonly<Record<string, readonly Outcome[] | undefined>>) =>
  runLike({ cells: qemuCells('debian-12', change) });

describe('one night', () => {
  it.each<[string, string, Run, RegExp]>([
    ['capable (emulated)', 'all is green under emulation', only({}), /^all 9 required cells are green$/],
    [
      'degraded (emulated)',
      'a green took a departure from a default',
      only({ 'host/host.modules': [{ status: 'passed', degraded: ['vhost_vsock not loaded'] }] }),
      /host\.modules passed, but: vhost_vsock not loaded/,
    ],
    [
      'unknown',
      'a red has no anchor',
      only(red),
      /vmm\.qemu\.boot failed at 'boot': no token; but no other release/,
    ],
    [
      'unknown',
      'a cell was red and then green',
      only({ 'host/host.kvm': [...failedTwice.slice(1), { status: 'passed', flaky: true }] }),
      /host\.kvm is only flaky/,
    ],
    [
      'unknown',
      'the farm had trouble of its own',
      only({ 'host/host.kvm': [{ status: 'errored', phase: 'clone', message: 'no answer' }] }),
      /host\.kvm errored, by the farm's own fault \(clone\): no answer/,
    ],
    [
      'unknown',
      'a planned cell was not run',
      only({ 'host/host.kvm': undefined }),
      /host\.kvm is missing: planned in night-1/,
    ],
    [
      'unknown',
      'a cell was skipped for a reason of the machine',
      only({ 'host/host.kvm': [{ status: 'skipped', because: 'no /dev/kvm here' }] }),
      /host\.kvm was skipped: no \/dev\/kvm here/,
    ],
    [
      'blocked',
      'the control failed',
      only({ 'runc/control.runc': failedTwice }),
      /^control\.runc failed at 'boot': no token/,
    ],
    [
      'blocked',
      'what it rests on failed',
      only({ 'runc/control.runc': [{ status: 'blocked', by: 'debian-12/host/host.containerd' }] }),
      /control\.runc was blocked by debian-12\/host\/host\.containerd/,
    ],
    [
      'not-packaged',
      'the distro has no such part',
      only({
        'qemu/vmm.virtiofsd.start': [{ status: 'skipped', because: 'not packaged by this distro: none' }],
      }),
      /^not packaged by this distro: none$/,
    ],
  ])('is %s where %s', (word, _, run, reason) => {
    expect(wordOf('debian-12', [run])).toBe(word);
    expect(supportOf('debian-12', [run]).reason).toMatch(reason);
  });

  it('is unknown where cells were never planned', () => {
    const run = runLike({ cells: { 'debian-12/qemu/vmm.qemu.boot': passed } });

    expect(supportOf('debian-12', [run])).toMatchObject({
      word: 'unknown',
      reason: 'host.boot was never run',
    });
  });

  it('is plain capable on hardware virtualisation', () => {
    const run = runLike({ speed: 'kvm', cells: qemuCells('debian-12') });

    expect(wordOf('debian-12', [run])).toBe('capable');
  });

  it('is degraded where a cell that is not required failed on two clones, and leads to its run', () => {
    const cells = { ...qemuCells('debian-12'), 'debian-12/host/host.lsm': failedTwice };

    const support = supportOf('debian-12', [runLike({ cells })]);

    expect(printed(support)).toBe('degraded (emulated)');
    expect(support).toMatchObject({
      reason: "not required, but host.lsm failed at 'boot': no token",
      cell: 'debian-12/host/host.lsm',
    });
    expect(support.behind.find(({ cell }) => cell === support.cell)).toMatchObject({
      optional: true,
      status: 'failed',
      observed: { run: 'night-1' },
    });
  });

  it.each<[string, readonly Outcome[] | undefined]>([
    ['failed on one clone only', failedTwice.slice(1)],
    ['errored', [{ status: 'errored', phase: 'clone', message: 'no answer' }]],
    ['is missing', undefined],
    ['was blocked', [{ status: 'blocked', by: 'debian-12/host/host.containerd' }]],
  ])('is no worse for a cell that is not required and %s', (_, told) => {
    const cells = { ...qemuCells('debian-12'), 'debian-12/qemu/vmm.qemu.qmp': told };

    expect(wordOf('debian-12', [runLike({ cells })])).toBe('capable (emulated)');
  });

  it('is as old as the oldest cell that it takes, degraded as well', () => {
    const lately = { 'debian-12/host/host.lsm': failedTwice };
    const runs = [only({}), runLike({ id: 'n2', on: '2026-12-20', cells: lately })];

    expect(wordOf('debian-12', runs, '2026-12-20')).toBe('unknown (was degraded)');
  });

  it('takes no word from containers', () => {
    const run = runLike({ variant: 'docker', cells: qemuCells('debian-12') });

    expect(supportOf('debian-12', [run])).toMatchObject({
      word: 'unknown',
      reason: 'host.boot was never run',
    });
  });

  it('says eol of a release past its end, with what was tested beside it', () => {
    const distros = [
      { id: 'debian-11', title: 'Debian 11', rolling: false, eol: '2026-08-31', notes: [] },
    ] as const;

    const old = runLike({ distros, cells: qemuCells('debian-11', red) });

    expect(wordOf('debian-11', [old, anchor()])).toBe('eol (tested: broken)');
    expect(wordOf('debian-11', [old, anchor()], '2026-08-31')).toBe('broken');
  });
});

describe('broken', () => {
  it('is said where another release was green on the same host', () => {
    expect(supportOf('debian-12', [only(red), anchor()])).toMatchObject({
      word: 'broken',
      cell: 'debian-12/qemu/vmm.qemu.boot',
      reason: "vmm.qemu.boot failed at 'boot': no token; whose fault: unknown",
    });
  });

  it.each([
    ['another CPU', { host: { cpu: 'Intel Xeon', qemu: '7.2.22' } }],
    ['another outer QEMU', { host: { cpu: 'AMD EPYC 7763', qemu: '10.0.6' } }],
    ['another speed class', { speed: 'kvm' }],
    ['another month', { on: '2026-10-20' }],
    [
      'a green that was red first',
      { cells: qemuCells('debian-13', { 'qemu/vmm.qemu.boot': [{ status: 'passed', flaky: true }] }) },
    ],
    ['a red of its own', { cells: qemuCells('debian-13', red) }],
    ['the same release', { cells: qemuCells('debian-12'), on: '2026-11-20' }],
  ])('is not said where the anchor has %s', (_, change) => {
    expect(supportOf('debian-12', [only(red), anchor(change)])).toMatchObject({ word: 'unknown' });
  });

  it('is not said where the host is not known', () => {
    const host = { cpu: 'AMD EPYC 7763' };
    const blind = runLike({ host, cells: qemuCells('debian-12', red) });

    expect(wordOf('debian-12', [blind, anchor({ host })])).toBe('unknown');
  });

  it('is not said of a red that no second clone confirmed', () => {
    const once = only({ 'qemu/vmm.qemu.boot': failedTwice.slice(1) });

    expect(supportOf('debian-12', [once, anchor()])).toMatchObject({
      word: 'unknown',
      reason: expect.stringContaining('on fewer than 2 fresh clones'),
    });
  });

  it('is not said of a red that was confirmed on the one machine that exists', () => {
    const existing = runLike({ variant: 'ssh', cells: qemuCells('debian-12', red) });

    expect(supportOf('debian-12', [existing, anchor()])).toMatchObject({
      word: 'unknown',
      reason: expect.stringContaining('on fewer than 2 fresh clones'),
    });
  });

  it('wins over a control that failed as well', () => {
    const both = only({ ...red, 'runc/control.runc': failedTwice });

    expect(wordOf('debian-12', [both, anchor()])).toBe('broken');
  });
});

describe('many nights', () => {
  const night = (id: string, on: string, change = {}, speed = 'kvm') =>
    runLike({ id, on, speed, cells: qemuCells('debian-12', change) });

  it('lets the newer verdict of an equal basis replace the older', () => {
    const runs = [night('n1', '2026-11-20'), night('n2', '2026-11-21', { 'runc/control.runc': failedTwice })];

    expect(wordOf('debian-12', runs)).toBe('blocked');
    expect(matrixOf(runs, { today }).evidence.runs.map(({ id }) => id)).toEqual(['n2']);
  });

  it('keeps a verdict of a better basis, and shows the newer beside it', () => {
    const runs = [
      night('n1', '2026-11-20'),
      night('n2', '2026-11-21', { 'runc/control.runc': failedTwice }, 'tcg+svm'),
    ];

    const support = supportOf('debian-12', runs);

    expect(printed(support)).toBe('capable');
    expect(support.behind.find(({ cell }) => cell === 'debian-12/runc/control.runc')).toMatchObject({
      status: 'passed',
      observed: { run: 'n1', basis: 'kvm' },
      newer: { run: 'n2', basis: 'tcg+svm', status: 'failed' },
    });
  });

  it('lets the newer one speak once the better basis is more than 30 days old', () => {
    const runs = [night('n1', '2026-10-01'), night('n2', '2026-11-21', {}, 'tcg+svm')];

    expect(wordOf('debian-12', runs)).toBe('capable (emulated)');
  });

  it("never replaces a verdict by a night of the farm's own trouble", () => {
    const errored = { 'host/host.kvm': [{ status: 'errored', phase: 'boot', message: 'disk full' }] };
    const runs = [night('n1', '2026-11-20'), night('n2', '2026-11-21', errored)];

    expect(supportOf('debian-12', runs)).toMatchObject({
      word: 'capable',
      newest: '2026-11-21',
      oldest: '2026-11-20',
    });
  });

  it('never replaces a verdict by one that was red and then green', () => {
    const flaky = { 'host/host.kvm': [{ status: 'passed', flaky: true }] };
    const runs = [night('n1', '2026-11-20'), night('n2', '2026-11-21', flaky)];

    expect(wordOf('debian-12', runs)).toBe('capable');
  });

  it('takes what a run said last, where it was published before it was resumed', () => {
    const early = runLike({
      id: 'n1',
      speed: 'kvm',
      cells: qemuCells('debian-12', { 'host/host.kvm': undefined }),
    });
    const late = night('n1', '2026-11-21');

    expect(wordOf('debian-12', [early, late])).toBe('capable');
    expect(wordOf('debian-12', [late, early])).toBe('capable');
  });

  it.each([
    ['2026-11-27', 'capable', 'fresh'],
    ['2026-11-28', 'capable', 'ageing'],
    ['2026-12-11', 'capable', 'ageing'],
    ['2026-12-12', 'unknown (was capable)', 'stale'],
  ])('on %s calls a stable release of 20 November %s, %s', (day, word, age) => {
    const runs = [night('n1', '2026-11-20')];

    expect([wordOf('debian-12', runs, day), supportOf('debian-12', runs, day).age]).toEqual([word, age]);
  });

  it('ages a rolling release faster', () => {
    const distros = [{ id: 'debian-sid', title: 'Debian sid', rolling: true, notes: [] }] as const;
    const run = runLike({ on: '2026-11-20', distros, cells: qemuCells('debian-sid') });

    expect(wordOf('debian-sid', [run], '2026-11-28')).toBe('unknown (was capable)');
  });

  it('comes to the same whatever the order of the runs, and whether one is told twice', () => {
    const runs = [
      night('n1', '2026-11-18'),
      night('n2', '2026-11-19', red),
      night('n3', '2026-11-20', { 'host/host.kvm': undefined }, 'tcg+svm'),
      night('n4', '2026-11-20', { 'runc/control.runc': failedTwice }, 'tcg+svm'),
      anchor(),
    ];
    const expected = matrixOf(runs, { today });

    fc.assert(
      fc.property(fc.shuffledSubarray([...runs, ...runs], { minLength: 10 }), (shuffled) => {
        expect(matrixOf(shuffled, { today })).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('comes to the same from what it published before', () => {
    const first = matrixOf([night('n1', '2026-11-20')], { today });
    const then = night('n2', '2026-11-21', { 'host/host.kvm': undefined }, 'tcg+svm');

    const published = matrixOf([then], { today, earlier: JSON.parse(JSON.stringify(first.evidence)) });

    expect(published).toEqual(matrixOf([night('n1', '2026-11-20'), then], { today }));
  });
});

describe('the anchor of a red', () => {
  const night = (id: string, release: 'debian-12' | 'debian-13', on: string, change = {}) =>
    runLike({ id, on, cells: qemuCells(release, change) });
  const nights = [
    night('n1', 'debian-13', '2026-11-10'),
    night('n2', 'debian-12', '2026-11-12', red),
    night('n3', 'debian-13', '2026-11-14', red),
    night('n4', 'debian-13', '2026-12-20'),
  ];
  const publishedIn = (steps: readonly (readonly Run[])[]) =>
    steps.reduce<Matrix | undefined>(
      (before, runs) => matrixOf(runs, { today: '2026-11-22', earlier: before?.evidence }),
      undefined,
    );

  it('still holds where a later run, published for itself, has replaced its green', () => {
    const matrix = publishedIn([nights.slice(0, 1), nights.slice(2, 3), nights.slice(1, 2)]);

    expect(matrix?.releases.map(({ headline }) => headline.word)).toEqual(['broken', 'unknown']);
  });

  it('does not depend on the order and the steps in which runs are published', () => {
    const atOnce = publishedIn([nights]);

    expect(atOnce?.releases.map(({ headline }) => headline.word)).toEqual(['broken', 'capable']);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(nights, { minLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (shuffled, cut) => {
          const steps = [shuffled.slice(0, cut), ...shuffled.slice(cut).map((one) => [one])];
          expect(publishedIn(steps)).toEqual(atOnce);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is kept twice for each cell and 60 days, however often it was green', () => {
    const green = Array.from({ length: 28 }, (_, day) =>
      night(`n${day}`, 'debian-13', `2026-11-${String(day + 1).padStart(2, '0')}`),
    );

    const anchors = matrixOf(green, { today }).evidence.anchors ?? [];

    expect(anchors.length).toBeLessThanOrEqual(9 * 2 * 2);
  });
});

describe('a headline', () => {
  it("is the best word among the stacks of the distro's own parts", () => {
    const skipped = { 'debian-12/clh/vmm.clh.probe': 'not packaged by this distro: none' };
    const run = runLike({ cells: qemuCells('debian-12', red), skipped });

    const [release] = matrixOf([run, anchor()], { today }).releases;

    expect(release?.stacks.map(({ stack, word }) => [stack, word])).toEqual([
      ['qemu', 'broken'],
      ['qemu+distro-kernel', 'broken'],
      ['clh', 'not-packaged'],
      ['clh+distro-kernel', 'not-packaged'],
      ['firecracker', 'unknown'],
    ]);
    expect(release?.headline).toMatchObject({ stack: 'qemu', word: 'broken' });
  });
});
