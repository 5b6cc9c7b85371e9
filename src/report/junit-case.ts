import type { TestCase, TestSuite } from 'junit-report-builder';
import type { Outcome } from '../domain/outcome.ts';
import { oneLine } from '../domain/text.ts';
import { faultLine } from './fault-words.ts';
import { type Child, complete } from './junit-children.ts';
import { caseLines } from './junit-properties.ts';
import type { Standing } from './junit-standing.ts';
import type { TestedCell } from './tested.ts';
import { reasonOf } from './words.ts';

/** What is known of a cell beside what came of it. */
interface Beside {
  readonly standing: Standing | undefined;
  readonly base: string | undefined;
}

/** Adds a cell. Its name and its class are its id: the same in every run. */
export function addCase(suite: TestSuite, place: string, tested: TestedCell, beside: Beside): void {
  const { cell, result } = tested;
  const test: TestCase = suite
    .testCase()
    .className(place)
    .name(cell.scenario)
    .time(secondsOf(result?.ms ?? 0));
  const own = beside.standing ? [standing(beside.standing)] : childrenOf(tested);
  for (const { element } of own) {
    // The package counts what it was told of.
    if (element === 'failure' || element === 'error' || element === 'skipped') {
      test[element]();
    }
  }
  const lines = caseLines(tested, beside.base);
  complete(test, [...own, ...(lines.length > 0 ? [{ element: 'system-out', text: lines.join('\n') }] : [])]);
}

/** Seconds to the thousandth: more digits are against Surefire's schema. */
export function secondsOf(ms: number): number {
  return Math.round(ms) / 1000;
}

function childrenOf(tested: TestedCell): readonly Child[] {
  const { outcome } = tested;
  const message = reasonOf(tested) ?? '';
  switch (outcome?.status) {
    case undefined:
      return [said('error', 'missing', message)];
    case 'passed':
      return outcome.flaky ? flakes(tested, message) : [];
    case 'failed':
      return failure(tested, outcome);
    case 'errored':
      return [said('error', outcome.phase, outcome.message, outcome.detail)];
    case 'blocked':
    case 'skipped':
      return [skipped(message)];
    default:
      return outcome satisfies never;
  }
}

function standing({ element, message }: Standing): Child {
  return element === 'error' ? said('error', 'not-comparable', message) : skipped(message);
}

/** A class, where one is known, says more of the kind of failure than the step that it came to light in. */
function failure({ result }: TestedCell, outcome: Extract<Outcome, { status: 'failed' }>): readonly Child[] {
  const finding = result?.finding;
  const { message, step, detail } = outcome;
  const kind = finding?.class ?? outcome.class;
  const words = kind !== undefined && step ? `${step}: ${message}` : message;
  const fault = finding && `fault: ${faultLine(finding)}`;
  const text = [fault, detail].filter((part) => part !== undefined).join('\n');
  const again = reds(result).slice(1);
  return [
    said('failure', kind ?? step ?? 'failed', words, text),
    ...again.map((red) => rerun('rerun', red, 'failed')),
  ];
}

/** Green in the end: the reds before it are told as what they were. */
function flakes({ result }: TestedCell, message: string): readonly Child[] {
  const before = reds(result);
  return before.length > 0
    ? before.map((red) => rerun('flaky', red, 'flaky'))
    : [{ element: 'flakyFailure', message, type: 'flaky', inner: message }];
}

type Red = Extract<Outcome, { status: 'failed' | 'errored' }>;

function reds(result: TestedCell['result']): readonly Red[] {
  return (result?.attempts ?? []).flatMap(({ outcome }) =>
    outcome?.status === 'failed' || outcome?.status === 'errored' ? [outcome] : [],
  );
}

function rerun(how: 'flaky' | 'rerun', red: Red, otherwise: string): Child {
  const isFailure = red.status === 'failed';
  const type = (isFailure ? (red.class ?? red.step) : red.phase) ?? otherwise;
  const message = oneLine(red.message);
  const inner = red.detail ? `${message}\n${red.detail}` : message;
  return { element: `${how}${isFailure ? 'Failure' : 'Error'}`, message, type: oneLine(type), inner };
}

/** GitLab shows an element's text alone: it begins with the message. */
function said(element: 'failure' | 'error', type: string, words: string, detail = ''): Child {
  const message = oneLine(words);
  return { element, message, type: oneLine(type), text: detail === '' ? message : `${message}\n${detail}` };
}

function skipped(words: string): Child {
  const message = oneLine(words);
  return { element: 'skipped', message, text: message };
}
