import type { CellId } from '../../domain/cell.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { oneLine } from '../../domain/text.ts';
import { verdictOf } from '../../report/live-words.ts';

/**
 * Workflow commands of GitHub Actions. Its runner takes them from stdout and stderr alike (ScriptHandler.cs gives both
 * to one ActionCommandManager), in two forms: `::name …::` at a line's beginning, blanks aside, and `##[name …]` anywhere
 * in a line (ActionCommand.cs). https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */

/** What came of a cell, as an annotation: one line. A red is an error, everything else a warning. */
export function annotationOf(cell: CellId, outcome: Outcome): string {
  const level = outcome.status === 'failed' ? 'error' : 'warning';
  return `::${level} title=${property(cell)}::${data(disarmed(oneLine(verdictOf(outcome), 1000)))}`;
}

/** What stands between its beginning and its end is folded away. */
export function groupBegin(title: string): string {
  return `::group::${data(disarmed(oneLine(title)))}`;
}

export const groupEnd = '::endgroup::';

/** Text of which no line is a command: what guests print is shown by this alone. */
export function disarmed(text: string): string {
  return text.replaceAll(/^(\s*):(?=:)/gm, '$1: ').replaceAll('##[', '## [');
}

/** A line of JSON in which nothing is a command, and which means the same. */
export function disarmedJson(line: string): string {
  // Only a string can hold this, and there an escape is the character.
  return line.replaceAll('##[', String.raw`#\u0023[`);
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(disarmed(oneLine(text)))
    .replaceAll(':', '%3A')
    .replaceAll(',', '%2C');
}
