import { createRequire } from 'node:module';
import type { Builder, TestCase, TestSuite } from 'junit-report-builder';
import { differencesToBase, isAgainst, withoutBase } from '../domain/against.ts';
import type { Differences } from '../domain/difference.ts';
import type { Finding } from '../domain/finding.ts';
import type { Failed } from '../domain/outcome.ts';
import type { Run } from '../domain/run.ts';
import { oneLine, plain } from '../domain/text.ts';
import { faultLine } from './fault-words.ts';
import { caseProperties, suiteProperties } from './junit-properties.ts';
import { basesIn, type Standing, standingIn } from './junit-standing.ts';
import type { Artifact, Report } from './report.ts';
import { type TestedCell, testedStacks } from './tested.ts';
import { reasonOf } from './words.ts';

// The package's types promise a default export that its CommonJS file does not have.
const builder = createRequire(import.meta.url)('junit-report-builder') as Builder;

/**
 * One suite a release and stack, one test case a cell: `failure` is a verdict, `error` the farm's own trouble. What doesn't
 * count is skipped: a known issue, and with a base all but new failures; the base's cells are properties of the run's.
 */
export const junit: Report = (run) =>
  isAgainst(run) ? junitBeside(withoutBase(run), differencesToBase(run)) : junitBeside(run, undefined);

/** The same of a run whose base is another one, or that has none. */
export function junitBeside(run: Run, differences: Differences | undefined): readonly Artifact[] {
  // The package hands out one shared builder: ask it for a new one, or two runs end up in one file.
  const xml = builder.newBuilder().name(run.id);
  const standing = standingIn(run, differences);
  const bases = basesIn(differences ?? { all: [] });

  for (const tested of testedStacks(run)) {
    const name = tested.place;
    const seconds = tested.cells.reduce((sum, { result }) => sum + (result?.ms ?? 0), 0) / 1000;
    // JUnit's schema knows no fractions and no zone.
    const suite = xml.testSuite().name(name).timestamp(run.startedAt.slice(0, 19)).time(seconds);

    for (const [key, value] of suiteProperties(run, tested)) {
      suite.property(key, value);
    }
    for (const cell of tested.cells) {
      addCase(suite, name, cell, { standing: standing(cell), base: bases.get(cell.cell.id) });
    }
  }

  return [{ path: 'junit.xml', text: `${xml.build()}\n` }];
}

/** What is known of a cell beside what came of it. */
interface Beside {
  readonly standing: Standing | undefined;
  readonly base: string | undefined;
}

function addCase(suite: TestSuite, className: string, tested: TestedCell, { standing, base }: Beside): void {
  const { cell, outcome, result } = tested;
  const test = suite
    .testCase()
    .className(className)
    .name(cell.scenario)
    .time((result?.ms ?? 0) / 1000);
  for (const [key, value] of caseProperties(tested, base)) {
    test.property(key, value);
  }
  if (standing) {
    addStanding(test, standing);
    return;
  }

  const message = reasonOf(tested) ?? '';
  switch (outcome?.status) {
    case undefined:
      test.error(message, 'missing');
      break;
    case 'passed':
      for (const mark of [
        ...(outcome.flaky ? ['flaky'] : []),
        ...(outcome.degraded?.length ? ['degraded'] : []),
      ]) {
        test.property(mark, message);
      }
      break;
    case 'failed':
      addFailure(test, outcome, result?.finding);
      break;
    case 'errored':
      test.error(oneLine(outcome.message), outcome.phase);
      complete(test, 'error', { text: outcome.detail });
      break;
    case 'blocked':
    case 'skipped':
      test.skipped();
      complete(test, 'skipped', { message });
      break;
    default:
      outcome satisfies never;
  }
}

function addStanding(test: TestCase, { element, message }: Standing): void {
  if (element === 'error') {
    test.error(oneLine(message), 'not-comparable');
    return;
  }
  test.skipped();
  complete(test, 'skipped', { message: oneLine(message) });
}

/** A class, where one is known, says more of the kind of failure than the step that it came to light in. */
function addFailure(test: TestCase, outcome: Failed, finding: Finding | undefined): void {
  const { message, step, detail } = outcome;
  const kind = finding?.class ?? outcome.class;
  const said = kind !== undefined && step ? `${step}: ${message}` : message;
  const type = kind ?? step;
  test.failure(oneLine(said), type ? oneLine(type) : undefined);

  const fault = finding && `fault: ${faultLine(finding)}`;
  const text = [fault, detail].filter((part) => part !== undefined).join('\n');
  complete(test, 'failure', { text: text || undefined });
}

/**
 * Adds what the package has no words for: a skip's message, and text that it would put into a CDATA section, where
 * it escapes only the first `]]>`.
 */
function complete(
  test: TestCase,
  element: string,
  { message, text }: { readonly message?: string; readonly text?: string | undefined },
): void {
  const build = test.build.bind(test);

  test.build = (parent) => {
    const node = build(parent);
    const child = node.children.find((candidate) => 'name' in candidate && candidate.name === element);
    if (message) {
      child?.attribute('message', message);
    }
    if (text) {
      child?.text(plain(text));
    }
    return node;
  };
}
