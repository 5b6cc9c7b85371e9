import { expect, it } from 'vitest';
import { countsOf } from '../support/counts.ts';

const report = (passed: number, failed: number, skipped: number, files: readonly object[] = []) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    testResults: files,
  });

it.each([
  { what: 'tests that all passed', text: report(12, 0, 0), status: 0, line: '12 passed, 0 failed' },
  {
    what: 'tests that were skipped',
    text: report(12, 0, 2),
    status: 0,
    line: '12 passed, 0 failed',
  },
  { what: 'tests that failed', text: report(11, 1, 0), status: 1, line: '11 passed, 1 failed' },
  {
    what: 'a file that could not be loaded',
    text: report(11, 0, 0, [{ status: 'failed', assertionResults: [] }]),
    status: 1,
    line: '11 passed, 1 failed',
  },
  {
    what: 'a run that ended badly all the same',
    text: report(12, 0, 0),
    status: 1,
    line: '12 passed, 1 failed',
  },
  { what: 'no report at all', text: '', status: 1, line: '0 passed, 1 failed' },
])('counts $what', ({ text, status, line }) => {
  expect(countsOf(text, status)).toBe(line);
});
