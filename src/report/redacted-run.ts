import type { Outcome } from '../domain/outcome.ts';
import type { Result } from '../domain/result.ts';
import type { Run } from '../domain/run.ts';

/** A run of whose cells nothing is told that is its host's own: whatever machines and the farm said goes through `redact`. */
export function redactedRun(run: Run, redact: (text: string) => string): Run {
  const results = [...run.results].map(([id, result]) => [id, redactedResult(result, redact)] as const);
  return { ...run, results: new Map(results) };
}

function redactedResult(result: Result, redact: (text: string) => string): Result {
  const { outcome, attempts, finding } = result;
  const said = attempts.some((attempt) => attempt.outcome && speaks(attempt.outcome));
  if (!said && !finding && !(outcome && speaks(outcome))) {
    return result;
  }
  return {
    ...result,
    attempts: texts(attempts, redact),
    ...(outcome && { outcome: texts(outcome, redact) }),
    ...(finding && { finding: texts(finding, redact) }),
  };
}

const speaks = (outcome: Outcome) => outcome.status !== 'passed' || outcome.degraded !== undefined;

/** Words of ours, and names of files and packages: a user whose name is one of them changes none. */
const kept = new Set(['status', 'class', 'component', 'confidence', 'phase', 'by', 'file', 'versions']);

/** The same value with every text in it changed, but for those words. */
function texts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') {
    return change(value) as T;
  }
  if (Array.isArray(value)) {
    return value.map((one) => texts(one, change)) as T;
  }
  return typeof value === 'object' && value !== null
    ? (Object.fromEntries(
        Object.entries(value).map(([key, one]) => [key, kept.has(key) ? one : texts(one, change)]),
      ) as T)
    : value;
}
