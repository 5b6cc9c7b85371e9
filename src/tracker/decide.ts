import type { CellId } from '../domain/cell.ts';
import type { CellNow, Trouble } from '../domain/troubles.ts';
import type { Issue } from './issue.ts';
import { type Marker, markerIn } from './marker.ts';

/** What is to be done about one issue, or one that is to be. */
export type Action =
  | { readonly do: 'open'; readonly trouble: Trouble }
  | { readonly do: 'reopen'; readonly issue: Issue; readonly trouble: Trouble }
  /** Cells came or went, or their scenarios did. */
  | {
      readonly do: 'update';
      readonly issue: Issue;
      readonly marker: Marker;
      readonly newlyGone: readonly CellId[];
    }
  | { readonly do: 'close'; readonly issue: Issue; readonly cells: readonly CellId[] }
  /** Somebody closed it otherwise than as done: theirs to say. */
  | { readonly do: 'leave'; readonly issue: Issue; readonly trouble: Trouble };

/** The issue of all that came at once. */
export const overflow = 'overflow';

interface Night {
  readonly troubles: readonly Trouble[];
  readonly cellNow: (cell: CellId) => CellNow;
  /** ISO time at which the run began. */
  readonly at: string;
}

/**
 * What a night's reds are to the issues there are. A red that is in an open issue, by itself or by its cause, opens none. Not
 * more than `most` are opened: what is left has one issue together. Decides alone; issues without our marker don't count.
 */
export function decide(
  { troubles, cellNow, at }: Night,
  issues: readonly Issue[],
  most: number,
): readonly Action[] {
  const ours = issues.flatMap((issue) => {
    const marker = markerIn(issue.body);
    // One without cells is an alarm's, and none of these.
    return marker && marker.cells.length > 0 ? [{ issue, marker }] : [];
  });
  const open = ours.filter(({ issue }) => issue.isOpen);
  const held = new Set(open.flatMap(({ marker }) => marker.cells));
  const keys = new Set(open.map(({ marker }) => marker.key));
  const joined = new Map(troubles.filter(({ key }) => keys.has(key)).map(({ key, cells }) => [key, cells]));

  const kept = open.flatMap(({ issue, marker }): readonly Action[] => {
    const others = (joined.get(marker.key) ?? []).filter((cell) => !held.has(cell));
    return standing(issue, marker, others, cellNow);
  });
  const left = troubles
    .filter(({ key }) => !keys.has(key))
    .map((trouble) => ({ ...trouble, cells: trouble.cells.filter((cell) => !held.has(cell)) }))
    .filter(({ cells }) => cells.length > 0);

  const news = left.map((trouble): Action => {
    const [last] = ours
      .filter(({ issue, marker }) => !issue.isOpen && marker.key === trouble.key)
      .map(({ issue }) => issue)
      .toSorted((a, b) => b.number - a.number);
    if (!last) {
      return { do: 'open', trouble };
    }
    const isSince = last.isDone && (last.closedAt ?? '') < at;
    return { do: isSince ? 'reopen' : 'leave', issue: last, trouble };
  });
  return bounded(kept, news, open, most);
}

/** An open issue, after this night. Undefined cells stay: only a green is a sign that something was mended. */
function standing(
  issue: Issue,
  marker: Marker,
  others: readonly CellId[],
  cellNow: Night['cellNow'],
): readonly Action[] {
  const cells = [...marker.cells.filter((cell) => cellNow(cell) !== 'green'), ...others];
  if (cells.length === 0) {
    return [{ do: 'close', issue, cells: marker.cells }];
  }
  const gone = cells.filter((cell) => cellNow(cell) === 'gone');
  const newlyGone = gone.filter((cell) => !marker.gone?.includes(cell));
  const isChanged = newlyGone.length > 0 || cells.length !== marker.cells.length || others.length > 0;
  const next = { key: marker.key, cells, ...(gone.length > 0 && { gone }) };
  return isChanged ? [{ do: 'update', issue, marker: next, newlyGone }] : [];
}

/** Regressions first; what is too much goes into one issue, the one that there is already if it is open. */
function bounded(
  kept: readonly Action[],
  news: readonly Action[],
  open: readonly { readonly issue: Issue; readonly marker: Marker }[],
  most: number,
): readonly Action[] {
  const opening = news.flatMap((action) => (action.do === 'open' ? [action.trouble] : []));
  const isRegression = ({ kind }: Trouble) => Number(kind === 'regression');
  const ranked = opening.toSorted((a, b) => isRegression(b) - isRegression(a));
  const [first, rest] = [ranked.slice(0, most), ranked.slice(most)];
  const others = news.filter((action) => action.do !== 'open');
  const opened = first.map((trouble): Action => ({ do: 'open', trouble }));
  if (rest.length === 0) {
    return [...kept, ...others, ...opened];
  }

  const cells = rest.flatMap((trouble) => trouble.cells);
  const kind = rest.some(isRegression) ? 'regression' : 'new-failing';
  const there = open.find(({ marker }) => marker.key === overflow);
  if (!there) {
    return [...kept, ...others, ...opened, { do: 'open', trouble: { key: overflow, kind, cells } }];
  }
  const { issue, marker } = there;
  const isItsOwn = (action: Action) => 'issue' in action && action.issue === issue;
  const own = kept.find(isItsOwn);
  const before = cellsAfter(own, marker);
  const newlyGone = own?.do === 'update' ? own.newlyGone : [];
  const together: Action = {
    do: 'update',
    issue,
    marker: { ...marker, cells: [...before, ...cells] },
    newlyGone,
  };
  return [...kept.filter((action) => !isItsOwn(action)), ...others, ...opened, together];
}

function cellsAfter(action: Action | undefined, marker: Marker): readonly CellId[] {
  if (action?.do === 'close') {
    return [];
  }
  return action?.do === 'update' ? action.marker.cells : marker.cells;
}
