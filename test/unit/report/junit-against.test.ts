import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { KnownIssue } from '../../../src/domain/known-issue.ts';
import type { Failed, Outcome } from '../../../src/domain/outcome.ts';
import type { Run } from '../../../src/domain/run.ts';
import { junit } from '../../../src/report/junit.ts';
import { type Both, errored, green, red, runLike } from '../differences/against-run.ts';
import { runLike as plainRunLike } from '../domain/run-like.ts';
import { knownIssueLike, noToken } from '../policy/known-issue-like.ts';

type Element = 'failure' | 'error' | 'skipped';

interface Case extends Readonly<Partial<Record<Element, { readonly message: string }>>> {
  readonly name: string;
  readonly classname: string;
  readonly 'system-out': string;
}

interface Suite {
  readonly name: string;
  readonly failures: string;
  readonly errors: string;
  readonly properties: { readonly property: readonly { readonly name: string; readonly value: string }[] };
  readonly testcase: readonly Case[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
});

function suitesOf(run: Run): readonly Suite[] {
  return parser.parse(junit(run)[0]?.text ?? '').testsuites.testsuite;
}

/** How JUnit's readers are told of one case: `skipped: …`; undefined: it passed. */
function toldOf(run: Run, scenario: string): string | undefined {
  const found = suitesOf(run)
    .flatMap(({ testcase }) => testcase)
    .find(({ name }) => name === scenario);
  const element = (['failure', 'error', 'skipped'] as const).find((one) => found?.[one] !== undefined);
  return element && `${element}: ${found?.[element]?.message}`;
}

const flaky: Outcome = { status: 'passed', flaky: true };
const elsewhere: Failed = { ...red, step: 'stop it' };
const said = 'start a container: the shim said nothing';
const everywhere = { releases: ['*'], stacks: ['*'], scenarios: ['*'] };
const known: KnownIssue = knownIssueLike({ class: 'shim-dead', evidence: 'shim', scope: everywhere });

describe('junit.xml of a run with --against', () => {
  it('has no case of the base, which each case and suite tells of', () => {
    const suites = suitesOf(runLike({ 'kata.uname': [red, green] }));

    expect(suites.map(({ name }) => name)).toEqual(['debian-13/host', 'debian-13/qemu']);
    expect(suites.flatMap(({ testcase }) => testcase).map(({ name }) => name)).toEqual([
      'host.kvm',
      'kata.uname',
    ]);
    expect(suites[1]?.testcase[0]?.['system-out'].split('\n')).toContain(`base: failed: ${said}`);
    expect(suites[1]?.properties.property).toContainEqual({
      name: 'against',
      value: '4.1.0 (upstream:4.1.0)',
    });
  });

  it.each([
    ['a new failure', [green, red], 'failure: the shim said nothing'],
    ['one that is mended', [red, green], undefined],
    ['what is green on both', [green, green], undefined],
    ['what is red on both', [red, red], `skipped: red on the base as well: ${said}`],
    [
      'what is red on both in another way',
      [elsewhere, red],
      `skipped: red on the base as well, but not in the same way: ${said}; the base failed: stop it: the shim said nothing`,
    ],
    ['what was flaky', [flaky, red], `skipped: flaky on the base, which says nothing either way: ${said}`],
    ['what is flaky now', [red, flaky], undefined],
    ['a base without a verdict', [errored, red], `skipped: not comparable: errored in the base: ${said}`],
    [
      'a run without one',
      [green, errored],
      'skipped: not comparable: errored in the run: clone: the machine was lost',
    ],
    ['a base without a verdict beside a green run', [errored, green], undefined],
  ] as const)('goes red by nothing but news: %s', (_, both: Both, told) => {
    const run = runLike({ 'kata.uname': both, 'kata.net': [green, green] });

    expect(toldOf(run, 'kata.uname')).toBe(told);
  });

  it.each([
    ['a known issue', known, 'skipped: new, and known: kata-1 (https://tracker.example/1): '],
    ['one that expired', { ...known, expires: '2026-11-01' }, 'failure: '],
  ])('tells a new failure by %s as the exit status does', (_, issue, told) => {
    const cells = { 'kata.uname': [green, { ...red, class: 'shim-dead' }] } as const;

    expect(toldOf(runLike(cells, green, [issue]), 'kata.uname')?.startsWith(told)).toBe(true);
  });

  it('skips what has no Kata, however it came out, as it differs from nothing', () => {
    const run = runLike({ 'kata.uname': [green, green] }, red);

    expect(toldOf(run, 'host.kvm')).toBe(`skipped: it has no Kata that could differ: ${said}`);
  });

  it("is the farm's trouble where nothing could be compared", () => {
    const run = runLike({ 'kata.uname': [errored, red], 'kata.net': [errored, green] });

    expect(toldOf(run, 'kata.uname')).toBe(`error: not comparable: errored in the base: ${said}`);
    expect(toldOf(run, 'kata.net')).toBe('error: not comparable: errored in the base');
  });
});

describe('junit.xml of a run without a base', () => {
  it.each([
    ['skips a known issue, and says which', '2027-05-01', 'skipped: known issue kata-1 (https://tracker'],
    ['has a failure where it expired', '2026-11-01', 'failure: boot: no token'],
  ])('%s', (_, expires, told) => {
    const cells = { 'debian-13/qemu/vmm.qemu.boot': noToken };
    const run = plainRunLike({ cells, knownIssues: [knownIssueLike({ expires })] });

    expect(toldOf(run, 'vmm.qemu.boot')?.startsWith(told)).toBe(true);
  });
});
