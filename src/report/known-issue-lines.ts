import { type Known, knownIn } from '../domain/excused.ts';
import type { IssueState } from '../domain/issue-state.ts';
import { issueWords } from '../domain/known-issue.ts';
import { matrixOf } from '../domain/matrix.ts';
import type { Run } from '../domain/run.ts';
import { dayOf } from '../domain/run-day.ts';
import { oneLine } from '../domain/text.ts';
import { escaped, table } from './markdown-text.ts';

/** Which failures of a run are known, which of them are excused, and which known issue no longer shows: a line each. */
export function knownIssueLines(run: Run): readonly string[] {
  const red = [...knownIn(run)].flatMap(([cell, known]) =>
    known.map((one) => `${cell} failed: ${knownWords(one)}`),
  );
  const { issues = [] } = run.knownIssues ? matrixOf([run], { today: dayOf(run) }) : {};
  const green = issues
    .filter(({ state }) => state === 'fixed' || state === 'closed')
    .map(
      ({ issue, green: cells }) =>
        `fixed: known issue ${issue.id} (${issue.tracker}) is green in ${cells.join(', ')}`,
    );
  return [...red, ...green].map((line) => oneLine(line, 400));
}

/** The same as a section of summary.md; undefined where there is nothing to say. */
export function knownMarkdown(run: Run): string | undefined {
  const lines = knownIssueLines(run).map((line) => `- ${escaped(line, 400)}`);
  return lines.length > 0 ? ['## Known issues', lines.join('\n')].join('\n\n') : undefined;
}

/** The known issues of a published matrix, as a section; empty where there is none. */
export function knownIssueSection(issues: readonly IssueState[] = []): string {
  if (issues.length === 0) {
    return '';
  }
  const rows = issues.map(({ issue, state, red, green }) => [
    escaped(issue.id),
    state,
    escaped(issue.title),
    escaped(issue.tracker),
    escaped(red.join(', ') || '–', 1000),
    escaped(green.join(', ') || '–', 1000),
    issue.confirmed,
    issue.expires,
  ]);
  const head = ['issue', 'state', 'what', 'tracker', 'red by it', 'green', 'confirmed', 'expires'];
  return ['## Known issues', stateWords, table(head, rows)].join('\n\n');
}

const stateWords =
  'open: it excuses a red cell that it matches; fixed: none failed by it, and a cell that it is about is green; closed: all of them ' +
  'were, night after night, and the file may go; expired, unconfirmed: it stands beside a red cell and excuses nothing.';

/** An issue, what it is worth, and what it is about. */
export function knownWords({ issue, standing }: Known): string {
  return `${issueWords(issue, standing)}${standing === 'valid' ? ', excused' : ''}: ${issue.title}`;
}
