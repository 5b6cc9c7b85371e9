import { describe, expect, it } from 'vitest';
import { differencesToBase, toldAgainst } from '../../../src/commands/against.ts';
import { requestsOf } from '../../../src/commands/against-option.ts';
import { exitOfRun } from '../../../src/commands/exit-of-run.ts';
import { repeatCommand, runStarted } from '../../../src/commands/run-started.ts';
import { type CellId, cellOf } from '../../../src/domain/cell.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Batch, PlannedCell } from '../../../src/domain/plan.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import { katafarm } from '../../support/context.ts';
import { distroLike, kataLike } from '../../support/domain.ts';

const mine = kataLike({ source: 'dir:/srv/mine', trust: 'local', replaced: ['shim=/srv/shim'] });
const base = kataLike({ label: 'against', source: 'upstream:4.1.0', digest: 'd2'.repeat(32) });
const at = '2026-11-22T08:00:00.000Z';

const green: Outcome = { status: 'passed' };
const red: Outcome = { status: 'failed', step: 'start a container', message: 'the shim said nothing' };
const errored: Outcome = { status: 'errored', phase: 'clone', message: 'the machine was lost' };

/** A run whose cells of Kata's came out like this: with the base, with mine. */
function runLike(cells: Readonly<Record<string, readonly [Outcome, Outcome]>>, host: Outcome = green): Run {
  const planned = Object.keys(cells).flatMap((scenario) => [
    cellOf('debian-13', 'qemu', scenario as ScenarioId),
    cellOf('debian-13', 'qemu', scenario as ScenarioId, 'against'),
  ]);
  const all = [cellOf('debian-13', 'host', 'host.kvm'), ...planned];
  const outcomeOf = (id: CellId): Outcome => {
    const cell = all.find((one) => one.id === id);
    return cell?.stack === 'host' ? host : (cells[cell?.scenario ?? '']?.[cell?.kata ? 0 : 1] ?? green);
  };
  const batch: Batch = {
    ...{ id: 'debian-13/qemu:built', distro: 'debian-13', provider: 'qemu', variant: 'qemu:built' },
    memoryMiB: 6144,
    cells: all.map((cell): PlannedCell => ({ ...cell, machine: 'clone', restsOn: [] })),
  };
  const entries: readonly Entry[] = [
    {
      ...{ at, type: 'run-started', v: 1, run: 'pr-1', host: {}, distros: [], modified: [] },
      plan: { batches: [batch], skipped: [], katas: [mine, base] },
      command: ['debian-13', '--kata', 'dir:/srv/mine', '--against', 'upstream:4.1.0'],
    },
    ...all.flatMap(({ id: cell }): readonly Entry[] => [
      { at, type: 'cell-started', cell, attempt: 1 },
      { at, type: 'attempt-ended', cell, attempt: 1, outcome: outcomeOf(cell), ms: 1000 },
      { at, type: 'cell-ended', cell, outcome: outcomeOf(cell), ms: 1000 },
    ]),
    { at, type: 'run-ended' },
  ];
  return replay(entries);
}

const options = { against: 'upstream:4.1.0', accel: 'auto', retries: 1, keep: 'never', out: '/srv' } as const;
const paper = { color: false, columns: 0 };

describe('a run with --against', () => {
  it('tells what differs alone, and folds away what is red on both', () => {
    const run = runLike(
      { 'kata.uname': [green, red], 'kata.net': [red, red], 'kata.lifecycle': [green, green] },
      red,
    );

    const { text, artifacts } = toldAgainst(run, 'reports/runs/pr-1', paper);

    expect(text).toBe(
      [
        'run pr-1: what differs from the base',
        'base: Kata 4.1.0, upstream:4.1.0',
        'run: Kata 4.1.0, dir:/srv/mine, with shim=/srv/shim',
        "1 cell that has no Kata (host, control, vmm) failed, which is neither Kata's difference: summary.md",
        '',
        'New failures: green in the base, red in the run',
        '  debian-13/qemu/kata.uname',
        '    start a container: the shim said nothing',
        '    evidence  reports/runs/pr-1/cells/debian-13/qemu/kata.uname/1/',
        '    again     ./katafarm run debian-13 --stack qemu --scenario kata.uname --kata dir:/srv/mine --against upstream:4.1.0',
        '',
        '1 cell is red on both, 1 cell is green on both',
        '1 new failure in 3 cells compared',
        'everything is in reports/runs/pr-1/: differences.md, and summary.md for all cells',
        '',
      ].join('\n'),
    );
    expect(artifacts.map(({ path }) => path)).toEqual(['differences.md']);
    expect(artifacts[0]?.text).toContain('**1 new failure in 3 cells compared.**');
    expect(artifacts[0]?.text).not.toContain('kata.net');
  });

  it.each([
    ['what is newly red', { 'kata.uname': [green, red] }, 1],
    ['nothing new, however red both are', { 'kata.uname': [red, red], 'kata.net': [red, green] }, 0],
    [
      'what is not comparable, where something is',
      { 'kata.uname': [green, green], 'kata.net': [green, errored] },
      0,
    ],
    ['a base that came to nothing', { 'kata.uname': [errored, red] }, 3],
  ] as const)('exits by %s', (_, cells, code) => {
    expect(exitOfRun(runLike(cells, red), options)).toBe(code);
  });

  it('strictly exits 3 where a cell could not be compared', () => {
    const run = runLike({ 'kata.uname': [green, green], 'kata.net': [green, errored] });

    expect(exitOfRun(run, { ...options, strict: true })).toBe(3);
  });

  it('exits by its cells where no base was asked for', () => {
    const { against: _, ...plain } = options;

    expect(exitOfRun(runLike({ 'kata.uname': [red, red] }), plain)).toBe(1);
  });

  it("compares Kata's cells alone", () => {
    const { all } = differencesToBase(runLike({ 'kata.uname': [green, green] }, red));

    expect(all.map(({ cell }) => cell.id)).toEqual(['debian-13/qemu/kata.uname']);
  });

  it('is written down with its base, as it is said again', () => {
    const command = repeatCommand(['debian-13'], { ...options, kata: [{ source: 'dir:/srv/mine' }] });
    const local = { ...base, trust: 'local', source: 'dir:/srv/base' } as const;
    const given = { plan: { batches: [], skipped: [], katas: [mine, local] }, distros: [distroLike()] };

    expect(command.join(' ')).toBe('debian-13 --kata dir:/srv/mine --against upstream:4.1.0');
    expect(runStarted('pr-1', {}, given, command, {}, {})).toMatchObject({
      modified: ['--kata dir:/srv/mine', '--replace shim=/srv/shim', '--against dir:/srv/base'],
    });
  });

  it.each([
    [{}, /cannot compare --against upstream:4\.0\.0: say by --kata SOURCE/],
    [{ kata: [{ source: 'none' }] }, /say by --kata SOURCE/],
    [
      { kata: [{ source: 'upstream:4.1.0' }, { label: 'old', source: 'upstream:3.2.0' }] },
      /with 2 Katas: leave one --kata/,
    ],
    [{ kata: [{ source: 'upstream:4.0.0' }] }, /with itself/],
  ] as const)('refuses to compare the base with %j', (choice, complaint) => {
    expect(() => requestsOf({ ...choice, against: 'upstream:4.0.0' })).toThrow(complaint);
  });

  it('has the base last, under a label of its own, even of the same source where a piece was replaced', () => {
    const kata = [{ source: 'upstream:4.0.0' }] as const;
    const replace = [{ piece: 'shim', path: '/srv/shim' }] as const;

    expect(requestsOf({ kata, replace, against: 'upstream:4.0.0' })).toEqual([
      { source: 'upstream:4.0.0' },
      { label: 'against', source: 'upstream:4.0.0' },
    ]);
  });

  it.each([
    [['none'], /cannot compare --against none/],
    [['4.0.0'], /cannot read --against "4\.0\.0": did you mean "upstream:4\.0\.0"\?/],
    [[], /argument missing/],
  ])('refuses %j as a base', async (words, complaint) => {
    const { code, err } = await katafarm([
      'run',
      'debian-13',
      '--kata',
      'upstream:4.1.0',
      '--against',
      ...words,
    ]);

    expect(code).toBe(2);
    expect(err).toMatch(complaint);
  });
});
