import type { CellId } from '../domain/cell.ts';
import { outcomeOf, type Run } from '../domain/run.ts';
import type { Trouble } from '../domain/troubles.ts';
import type { Action } from '../tracker/decide.ts';
import type { Context } from './context.ts';
import { isActions } from './view/shown.ts';
import { annotationOf } from './view/workflow-command.ts';

/** One line of what is to be done. */
export function actionWords(action: Action): string {
  switch (action.do) {
    case 'open':
      return `open: ${titleOf(action.trouble)}: ${listed(action.trouble.cells)}`;
    case 'reopen':
      return `reopen ${action.issue.url}: ${titleOf(action.trouble)}: ${listed(action.trouble.cells)}`;
    case 'update': {
      const gone =
        action.newlyGone.length > 0 ? `; its scenario is no more: ${listed(action.newlyGone)}` : '';
      return `update ${action.issue.url}: now ${listed(action.marker.cells)}${gone}`;
    }
    case 'close':
      return `close ${action.issue.url}: green again: ${listed(action.cells)}`;
    case 'leave':
      return `leave ${action.issue.url} closed, as somebody had it: ${listed(action.trouble.cells)}`;
    default:
      return action satisfies never;
  }
}

/** What it is called in a list of issues. */
export function titleOf({ kind, key, cells }: Trouble): string {
  const word = kind === 'regression' ? 'regression' : 'new, and failing';
  const [first = ''] = cells;
  if (key === first) {
    return `${word}: ${first}`;
  }
  const [release = '', component = '', cause = ''] = key.split('/');
  if (cause === '') {
    return `${word}: ${cells.length} cells of many causes in one night`;
  }
  const where = release === 'any' ? component : `${release}, ${component}`;
  return `${word}: ${cause} (${where}), ${cells.length} cell${cells.length === 1 ? '' : 's'}`;
}

/** As many as a line has room for. */
export function listed(cells: readonly CellId[]): string {
  const named = cells.slice(0, 5).join(', ');
  return cells.length > 5 ? `${named} and ${cells.length - 5} more` : named;
}

/** In GitHub Actions, what is new is an annotation of the step. */
export function annotate(
  { env, err }: Pick<Context, 'env' | 'err'>,
  run: Run,
  actions: readonly Action[],
): void {
  for (const action of isActions(env) ? actions : []) {
    const cells = action.do === 'open' || action.do === 'reopen' ? action.trouble.cells : [];
    for (const cell of cells.slice(0, 10)) {
      const outcome = outcomeOf(run, cell);
      err(outcome ? `${annotationOf(cell, outcome)}\n` : '');
    }
  }
}
