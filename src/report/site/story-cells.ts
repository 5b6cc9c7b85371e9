import type { Behind } from '../../domain/support.ts';
import type { CellView } from './cell-view.ts';
import { type Html, html, none } from './html.ts';
import { drawn } from './past.ts';
import { runMark } from './run-mark.ts';
import type { Stand } from './story.ts';
import { strip } from './strip.ts';
import type { View } from './view.ts';
import { dayMark } from './words.ts';

/** Every cell that a word rests on, with its nights. */
export function cellsTable({ support }: CellView, view: View, stand: Stand): Html {
  const { behind, stack } = support;
  const seen = behind.filter(({ observed }) => observed);
  if (seen.length === 0) {
    return none;
  }
  const unseen = behind.length - seen.length;
  const open = stand.level === 2 ? html` open` : none;
  return html`<details class="cells"${open}><summary>The ${behind.length} cells that the word rests on${unseen > 0 ? `, ${unseen} never run` : ''}</summary>
<div class="sheet" role="region" tabindex="0" aria-label="Cells behind ${stack}"><table class="list">
<thead><tr><th scope="col">cell</th><th scope="col">came out</th><th scope="col">since</th><th scope="col">history</th><th scope="col">run</th></tr></thead>
<tbody>${behind.map((one) => rowOf(one, view, stand))}</tbody></table></div></details>`;
}

function rowOf({ cell, status, optional, observed, newer }: Behind, view: View, { depth }: Stand): Html {
  const standing = observed && view.past(cell);
  const [, ...place] = cell.split('/');
  const run = observed?.run;
  return html`<tr><th scope="row"><code>${place.join('/')}</code>${optional ? html` <span class="meta">optional</span>` : none}</th>
<td><span class="status ${status}">${status}</span>${newer ? html` <span class="meta">newer, on ${newer.basis}: ${newer.status}</span>` : none}</td>
<td>${dayMark(standing?.since ?? observed?.at)}</td>
<td>${standing ? strip(drawn(standing)) : none}</td>
<td>${run === undefined ? none : html`${runMark(run, view, depth, dayMark(observed?.at))}`}</td></tr>
`;
}
