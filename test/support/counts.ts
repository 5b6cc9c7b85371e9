/** What of vitest's JSON report is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/**
 * The line that CI counts by, with nothing beside it: `12 passed, 0 failed`. A file that could not even be loaded is one failure,
 * and so is a run that ended badly with nothing to show for it.
 */
export function countsOf(report: string, status: number): string {
  if (report.trim() === '') {
    return '0 passed, 1 failed';
  }

  const { numPassedTests: passed, numFailedTests, testResults } = JSON.parse(report) as Report;
  const unloaded = testResults.filter(
    ({ status: outcome, assertionResults }) => outcome === 'failed' && assertionResults.length === 0,
  );
  const counted = numFailedTests + unloaded.length;
  const failed = status === 0 ? counted : Math.max(1, counted);

  return `${passed} passed, ${failed} failed`;
}
