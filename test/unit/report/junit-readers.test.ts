import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as junit2json, type TestSuites } from 'junit2json';
import { parseV2 } from 'test-results-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { type Run, replay } from '../../../src/domain/run.ts';
import { parseJournal } from '../../../src/journal/parse.ts';
import { junit } from '../../../src/report/junit.ts';
import { testedStacks } from '../../../src/report/tested.ts';
import { againstDialect, jenkins, surefire } from '../../support/junit-dialects.ts';
import { runLike as againstRun, errored, green, red } from '../differences/against-run.ts';
import { failedTwice, passed, runLike } from '../domain/run-like.ts';

const golden = join(import.meta.dirname, '../../golden/four-releases.jsonl');
const four = replay(parseJournal(await readFile(golden, 'utf8')));

const long = `it began ${'x'.repeat(1_000_000)} and it ended\n`.repeat(2);
const hostile =
  ']]> ]]></system-out></testsuites><!-- & "\u0000\u001b[31m\ud800\uffff\u202e [[ATTACHMENT|/etc/passwd]]';
const clone: Outcome = { status: 'errored', phase: 'clone', message: 'the machine was lost' };
const cells = {
  'debian-13/host/host.boot': passed,
  'debian-13/host/host.cpu': [failedTwice[0], { status: 'passed', flaky: true }],
  'debian-13/host/host.kvm': [clone, { status: 'passed', flaky: true, degraded: [hostile] }],
  'debian-13/host/host.limits': failedTwice,
  'debian-13/host/host.lsm': [{ status: 'failed', message: hostile, detail: hostile }],
  'debian-13/host/host.modules': [{ status: 'failed', message: long, detail: long }],
  'debian-13/host/host.devices': [clone],
  'debian-13/host/host.containerd': undefined,
  'debian-13/qemu/vmm.qemu.boot': [{ status: 'blocked', by: 'debian-13/host/host.limits' }],
} as const satisfies Parameters<typeof runLike>[0]['cells'];
const every = runLike({ cells, skipped: { 'debian-13/clh/vmm.clh.boot': `not packaged: ${hostile}` } });
const beside = againstRun({
  'kata.uname': [red, green],
  'kata.net': [green, red],
  'kata.check': [errored, red],
});

const runs: readonly (readonly [string, Run])[] = [
  ['of four releases', four],
  ['with a cell of every kind', every],
  ['with a base', beside],
];
const textOf = (run: Run) => junit(run)[0]?.text ?? '';

describe.each([
  ['Jenkins', jenkins],
  ['Surefire', surefire],
])('the dialect of %s', (_, dialect) => {
  it.each(runs)('is kept by the file of a run %s', (_name, run) => {
    expect(againstDialect(textOf(run), dialect)).toEqual([]);
  });
});

describe('a check of a dialect', () => {
  const ours = textOf(every);

  it.each([
    ['a property of a case', /(<testcase[^>]*>)/, '$1<properties/>', 'may have no properties below it'],
    ['a case without a name', /(<testcase[^>]*) name="[^"]*"/, '$1', 'lacks name'],
    ['a failure without a type', /(<failure[^>]*) type="[^"]*"/, '$1', 'lacks type'],
    ['four digits of a second', /(<testcase[^>]*) time="[^"]*"/, '$1 time="1.2345"', 'bad time'],
    ['output before the verdict', /(<testcase[^>]*>)(?=\s*<failure)/, '$1<system-err/>', 'is another order'],
    ['a text that is none of its', /(<testsuite [^>]*>)/, '$1 text', 'has text'],
  ])('sees %s', (_, pattern, by, complaint) => {
    const changed = ours.replace(pattern, by);

    expect(changed).not.toBe(ours);
    expect(againstDialect(changed, surefire).join('\n')).toContain(complaint);
  });
});

describe.each(runs)('the file of a run %s', (_, run) => {
  let folder = '';
  let suites: NonNullable<TestSuites['testsuite']> = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'katafarm-junit-'));
    await writeFile(join(folder, 'junit.xml'), textOf(run));
    suites = ((await junit2json(textOf(run))) as TestSuites).testsuite ?? [];
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('is read alike by two readers that know nothing of each other', () => {
    const read = parseV2({ type: 'junit', files: [join(folder, 'junit.xml')] });
    const statusOf = (one: NonNullable<(typeof suites)[number]['testcase']>[number]) => {
      if (one.failure || one.error) {
        return 'FAIL';
      }
      return one.skipped ? 'SKIP' : 'PASS';
    };

    expect(read.errors).toEqual([]);
    expect(
      read.result.suites.map(({ name, cases }) => [name, cases.map((one) => [one.name, one.status])]),
    ).toEqual(
      suites.map(({ name, testcase = [] }) => [name, testcase.map((one) => [one.name, statusOf(one)])]),
    );
  });

  it('counts what is in it', () => {
    for (const { testcase = [], tests, failures, errors, skipped } of suites) {
      const having = (element: 'failure' | 'error' | 'skipped') =>
        testcase.filter((one) => one[element] !== undefined).length;

      expect({ tests, failures, errors, skipped }).toEqual({
        tests: testcase.length,
        failures: having('failure'),
        errors: having('error'),
        skipped: having('skipped'),
      });
    }
  });

  it('names each case once, by its id, whatever came of it', () => {
    const ids = suites.flatMap(({ testcase = [] }) => testcase.map((one) => `${one.classname}/${one.name}`));

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(0);
    if (run !== beside) {
      expect(ids).toEqual(testedStacks(run).flatMap((stack) => stack.cells.map(({ cell }) => cell.id)));
    }
  });

  it('begins the text of whatever is not green with its message, as GitLab shows that alone', () => {
    const told = suites
      .flatMap(({ testcase = [] }) => testcase)
      .flatMap(({ failure = [], error = [] }) => [...failure, ...error]);

    for (const { message, inner } of told) {
      expect(inner?.startsWith(message ?? 'a message')).toBe(true);
    }
  });

  it('has no character that XML or a terminal stumbles over, and no order of a guest', () => {
    expect(textOf(run)).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}]/u);
    expect(textOf(run).replaceAll(/<(failure|error|skipped|stackTrace)[\s\S]*?<\/\1>/g, '')).not.toContain(
      '<system-out>[[ATTACHMENT',
    );
  });
});

describe('a case', () => {
  const caseOf = async (run: Run, name: string) => {
    const { testsuite = [] } = (await junit2json(textOf(run))) as TestSuites;
    return testsuite.flatMap(({ testcase = [] }) => testcase).find((one) => one.name === name);
  };
  const xmlOf = (name: string) =>
    new RegExp(`<testcase [^>]*name="${name}"[\\s\\S]*?</testcase>`).exec(textOf(every))?.[0] ?? '';

  it('that is flaky passes, and tells of the red as Surefire does', async () => {
    const flaky = await caseOf(every, 'host.cpu');

    expect([flaky?.failure, flaky?.error, flaky?.skipped]).toEqual([undefined, undefined, undefined]);
    expect(xmlOf('host.cpu')).toContain('<flakyFailure message="no token" type="boot">');
    expect(xmlOf('host.cpu')).toContain('flaky: red on one clone, green on the next');
  });

  it("that was green after the farm's own trouble tells of an error", () => {
    expect(xmlOf('host.kvm')).toContain('<flakyError message="the machine was lost" type="clone">');
  });

  it('that is red on two clones tells of both', () => {
    expect(xmlOf('host.limits')).toMatch(
      /<failure [^>]*>[\s\S]*<rerunFailure message="no token" type="boot">/,
    );
  });

  it('that was planned and never ran is an error, and a blocked one is skipped with what blocked it', async () => {
    expect((await caseOf(every, 'host.containerd'))?.error?.[0]).toMatchObject({ type: 'missing' });
    expect((await caseOf(every, 'vmm.qemu.boot'))?.skipped?.[0]?.message).toBe(
      'blocked by debian-13/host/host.limits',
    );
  });

  it('that said a megabyte says how it began and how it ended', async () => {
    const [failure] = (await caseOf(every, 'host.modules'))?.failure ?? [];

    const inner = failure?.inner?.trimEnd() ?? '';
    const ends = [inner.slice(0, 20), inner.slice(-20), /… \d+ characters are left out …/.test(inner)];

    expect(failure?.message?.length).toBeLessThanOrEqual(240);
    expect(ends).toEqual(['it began xxxxxxxxxxx', 'xxxxxxx and it ended', true]);
    expect(textOf(every).length).toBeLessThan(200_000);
  });
});
