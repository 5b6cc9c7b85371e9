import { isNamed } from '../domain/finding.ts';
import { oneLine } from '../domain/text.ts';
import type { TestedCell } from './tested.ts';

/** What there is to be said of a cell: each kind is explained in its own way. */
export type Answer =
  | 'named'
  | 'unknown'
  | 'undiagnosed'
  | 'errored'
  | 'blocked'
  | 'skipped'
  | 'missing'
  | 'flaky'
  | 'green';

export function answerOf({ outcome, result }: Pick<TestedCell, 'outcome' | 'result'>): Answer {
  switch (outcome?.status) {
    case undefined:
      return 'missing';
    case 'passed':
      return outcome.flaky ? 'flaky' : 'green';
    case 'failed':
      if (!result?.finding) {
        return 'undiagnosed';
      }
      return isNamed(result.finding) ? 'named' : 'unknown';
    case 'errored':
    case 'blocked':
    case 'skipped':
      return outcome.status;
    default:
      return outcome satisfies never;
  }
}

/** The answer in a sentence or two. It claims no more than the journal holds. */
export function sentenceOf(tested: TestedCell): string {
  const { outcome, result } = tested;
  const answer = answerOf(tested);
  switch (answer) {
    case 'named':
      return 'It failed on fresh clones, and a name can be put to it.';
    case 'unknown':
      return 'It failed on fresh clones, and nobody is named: what was seen does not single out one part.';
    case 'undiagnosed':
      return 'It failed, and this run made no diagnosis of it: it was ended before, is still at it, or is older than diagnosis. Nobody is named.';
    case 'errored':
      return result?.finding
        ? 'There is no verdict: the trouble is not that of what was tested.'
        : "There is no verdict: the farm had trouble of its own, so nobody's part is blamed.";
    case 'blocked':
      return blockedBy(outcome);
    case 'skipped':
      return 'It was never run, by plan or for want of something; that says nothing of whether it works.';
    case 'missing':
      return 'It was planned, and never ran to its end: the run was interrupted, or is still at it.';
    case 'flaky':
      return 'It was red on one clone and green on the next: no failure to be blamed on anybody, and not plain green.';
    case 'green':
      return outcome?.status === 'passed' && outcome.degraded?.length
        ? 'It passed, with a departure from a default.'
        : 'It passed: there is nothing to explain.';
    default:
      return answer satisfies never;
  }
}

function blockedBy(outcome: TestedCell['outcome']): string {
  const by = outcome?.status === 'blocked' ? oneLine(outcome.by) : 'a control';
  return `It was not judged, as ${by} failed, which it rests on: that is the failure to explain.`;
}
