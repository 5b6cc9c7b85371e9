import { dirname } from 'node:path';
import type { CellId } from '../domain/cell.ts';
import { dateOf } from '../domain/days.ts';
import { outcomeOf, type Run } from '../domain/run.ts';
import type { Trouble } from '../domain/troubles.ts';
import { UserError } from '../errors.ts';
import { code } from '../report/markdown-text.ts';
import type { Action } from '../tracker/decide.ts';
import type { Tracker } from '../tracker/issue.ts';
import { type Marker, marked, withMarked } from '../tracker/marker.ts';
import { reportOf } from './bug.ts';
import type { Context } from './context.ts';
import { explainCell } from './explain-cell.ts';
import type { FoundRun } from './find-run.ts';
import { listed, titleOf } from './triage-words.ts';

/** Does it, one after the other. What was done before something goes wrong stays done, and the next night goes on from there. */
export async function carryOutIn(
  context: Context,
  found: FoundRun,
  tracker: Tracker,
  actions: readonly Action[],
): Promise<void> {
  for (const action of actions) {
    const said = await carryOut(context, found, tracker, action);
    if (said !== '') {
      context.out(`${said}\n`);
    }
  }
}

async function carryOut(
  context: Context,
  found: FoundRun,
  tracker: Tracker,
  action: Action,
): Promise<string> {
  const when = `in the run of ${dateOf(found.run.startedAt)} (${found.run.id})`;
  switch (action.do) {
    case 'open': {
      const made = await tracker.create(
        titleOf(action.trouble),
        await bodyOf(context, found, markerOf(action.trouble)),
      );
      return `opened ${made.url}`;
    }
    case 'reopen': {
      const { issue, trouble } = action;
      const part = await bodyOf(context, found, markerOf(trouble));
      await tracker.update(issue, {
        title: titleOf(trouble),
        body: withMarked(issue.body, part),
        state: 'open',
      });
      await tracker.comment(issue, `Red again ${when}: ${cellList(trouble.cells)}`);
      return `reopened ${issue.url}`;
    }
    case 'update': {
      const { issue, marker, newlyGone } = action;
      const part = await bodyOf(context, found, marker);
      await tracker.update(issue, { body: withMarked(issue.body, part) });
      if (newlyGone.length > 0) {
        const cells = cellList(newlyGone);
        await tracker.comment(
          issue,
          `No longer tested: ${cells}. The scenario is gone, so whether it was mended nobody knows; close this by hand.`,
        );
      }
      return `updated ${issue.url}`;
    }
    case 'close': {
      const { issue, cells } = action;
      await tracker.comment(issue, `Green again ${when}: ${cellList(cells)}`);
      await tracker.update(issue, { state: 'closed' });
      return `closed ${issue.url}`;
    }
    case 'leave':
      return '';
    default:
      return action satisfies never;
  }
}

const markerOf = ({ key, cells }: Trouble): Marker => ({ key, cells });
const cellList = (cells: readonly CellId[]) => cells.slice(0, 20).map(code).join(', ');

/** What is red now, then the report of the first of them. */
async function bodyOf(context: Context, found: FoundRun, marker: Marker): Promise<string> {
  const { key, cells, gone = [] } = marker;
  const [lead] = cells.filter((cell) => outcomeOf(found.run, cell)?.status === 'failed');
  const rows = cells.map((cell) => `- ${code(cell)}: ${stateOf(found.run, cell, gone)}`);
  const report = lead === undefined ? '' : await reportFor(context, found, lead);
  const about = [
    `Cells that are red for one cause (${code(key)}). Kept by \`katafarm triage\`, which closes this when all of them are green.`,
    rows.join('\n'),
    ...(report === '' ? [] : [`The first of them, ${code(lead ?? '')}:`, report]),
  ];
  return marked(marker, about.join('\n\n'));
}

function stateOf(run: Run, cell: CellId, gone: readonly CellId[]): string {
  if (gone.includes(cell)) {
    return 'no longer tested';
  }
  return outcomeOf(run, cell)?.status === 'failed' ? 'red' : 'red when it was last tested';
}

/** A report that can't be made is no reason to say nothing. */
async function reportFor(context: Context, { folder }: FoundRun, cell: CellId): Promise<string> {
  try {
    const { found, told } = await explainCell(context, cell, { run: folder, out: dirname(folder) });
    return (await reportOf(context, found, told, {})).markdown;
  } catch (error) {
    if (!(error instanceof UserError)) {
      throw error;
    }
    context.err(`katafarm: no report of ${listed([cell])}: ${error.message}\n`);
    return '';
  }
}
