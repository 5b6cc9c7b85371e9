import { describe, expect, it } from 'vitest';
import { cellCounts } from '../../../src/commands/add-expect.ts';
import { toldAgainst } from '../../../src/commands/against.ts';
import { requestsOf } from '../../../src/commands/against-option.ts';
import { exitOfRun, tellShortfall } from '../../../src/commands/exit-of-run.ts';
import { repeatCommand, runStarted } from '../../../src/commands/run-started.ts';
import { differencesToBase } from '../../../src/domain/against.ts';
import type { KnownIssue } from '../../../src/domain/known-issue.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { katafarm, recordedContext } from '../../support/context.ts';
import { distroLike } from '../../support/domain.ts';
import { knownIssueLike } from '../policy/known-issue-like.ts';
import { base, errored, green, mine, red, runLike } from './against-run.ts';

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

  const known = (change: Partial<KnownIssue> = {}) =>
    knownIssueLike({
      ...{ class: 'shim-dead', evidence: '^the shim said nothing$', packages: {} },
      scope: { releases: ['*'], stacks: ['*'], scenarios: ['kata.*'] },
      ...change,
    });
  const asKnown: Outcome = { ...red, class: 'shim-dead' };

  it.each([
    ['is told as such, and exits 0', known(), 0, /New, and known.*kata\.uname.*known issue kata-1 \(/s],
    [
      'counts where the issue expired',
      known({ expires: '2026-11-01' }),
      1,
      /New failures.*kata-1 .*expired/s,
    ],
    ['counts where it is of another kind', known({ evidence: '^something else$' }), 1, /New failures/],
  ] as const)('that is newly red by a known issue %s', (_, issue, code, told) => {
    const run = runLike({ 'kata.uname': [green, asKnown], 'kata.net': [green, green] }, green, [issue]);

    expect(exitOfRun(run, options)).toBe(code);
    expect(toldAgainst(run, '.', paper).text).toMatch(told);
  });

  it('counts what is newly red beside what is known, and tells both', () => {
    const run = runLike({ 'kata.uname': [green, asKnown], 'kata.net': [green, red] }, green, [known()]);

    expect(exitOfRun(run, options)).toBe(1);
    expect(toldAgainst(run, '.', paper).text).toContain(
      '1 new failure in 2 cells compared; 1 is new, and known',
    );
  });

  it.each([
    ["is so of the run's cells alone", 'kata.*=2', [green, green], 0],
    ['and is not, exits 3', 'kata.*>=3', [green, green], 3],
    ['counts no cell of the base in place of one of the run', 'kata.uname>=1', [green, errored], 3],
    ['is beaten by a new failure', 'kata.*>=3', [green, red], 1],
  ] as const)('whose --expect %s', (_, expression, uname, code) => {
    const run = runLike({ 'kata.uname': uname, 'kata.net': [green, green] });
    const context = recordedContext();
    const asked = { ...options, expect: cellCounts(expression) };

    tellShortfall(context, run, asked);

    expect(exitOfRun(run, asked)).toBe(code);
    expect(context.said.err.includes(`not as expected: --expect '${expression}'`)).toBe(
      expression !== 'kata.*=2',
    );
  });

  it('exits 3 where a stack that was asked for has no cell with a verdict', () => {
    const run = runLike({ 'kata.uname': [green, green] });

    expect(exitOfRun(run, { ...options, stack: ['qemu', 'clh'] })).toBe(3);
    expect(exitOfRun(run, { ...options, stack: ['qemu'] })).toBe(0);
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
