import { createRequire } from 'node:module';
import type { Builder, TestCase, TestSuite } from 'junit-report-builder';
import type { Finding } from '../domain/finding.ts';
import type { Failed } from '../domain/outcome.ts';
import type { Run } from '../domain/run.ts';
import { oneLine, plain } from '../domain/text.ts';
import { versionsIn } from '../domain/versions.ts';
import { faultLine } from './fault-words.ts';
import type { Report } from './report.ts';
import { evidenceFolder, factsOf, type TestedCell, type TestedStack, testedStacks } from './tested.ts';
import { reasonOf } from './words.ts';

// The package's types promise a default export that its CommonJS file does not have.
const builder = createRequire(import.meta.url)('junit-report-builder') as Builder;

/** One suite a release and stack, one test case a cell: `failure` is a verdict, `error` the farm's own trouble. */
export const junit: Report = (run) => {
  // The package hands out one shared builder: ask it for a new one, or two runs end up in one file.
  const xml = builder.newBuilder().name(run.id);

  for (const tested of testedStacks(run)) {
    const name = tested.place;
    const seconds = tested.cells.reduce((sum, { result }) => sum + (result?.ms ?? 0), 0) / 1000;
    // JUnit's schema knows no fractions and no zone.
    const suite = xml.testSuite().name(name).timestamp(run.startedAt.slice(0, 19)).time(seconds);

    for (const [key, value] of propertiesOf(run, tested)) {
      suite.property(key, value);
    }
    for (const cell of tested.cells) {
      addCase(suite, name, cell);
    }
  }

  return [{ path: 'junit.xml', text: `${xml.build()}\n` }];
};

function propertiesOf(run: Run, { batches, cells }: TestedStack): readonly (readonly [string, string])[] {
  const host = Object.entries(run.host).map(([key, value]) => [`host.${key}`, value] as const);
  const shared = batches.flatMap((id) => Object.entries(run.batchFacts.get(id) ?? {}));
  const planned = run.plan.batches.filter(({ id }) => batches.includes(id));

  const all = [
    ['run', run.id] as const,
    ...planned.flatMap(({ provider, variant }) => [
      ['provider', provider] as const,
      ['variant', variant] as const,
    ]),
    ...host,
    ...shared,
    ...Object.entries(versionsIn(factsOf(cells))),
    ...(run.plan.katas ?? []).map(({ version, source }) => ['kata', `${version} (${source})`] as const),
    ...run.modified.map((change) => ['modified', change] as const),
  ];
  return all.map(([key, value]) => [oneLine(key), plain(String(value))]);
}

function addCase(suite: TestSuite, className: string, tested: TestedCell): void {
  const { cell, outcome, result } = tested;
  const test = suite
    .testCase()
    .className(className)
    .name(cell.scenario)
    .time((result?.ms ?? 0) / 1000);
  const folder = evidenceFolder(tested);
  if (folder) {
    test.property('evidence', folder);
  }
  for (const [key, value] of faultProperties(tested)) {
    test.property(key, value);
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

function faultProperties({ result }: TestedCell): readonly (readonly [string, string])[] {
  const { component, confidence, class: kind, provenance, mender } = result?.finding ?? {};
  const all = Object.entries({ component, confidence, class: kind, provenance, mender });
  return all.flatMap(([key, value]) =>
    value === undefined ? [] : [[`fault.${key}`, oneLine(value)] as const],
  );
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
