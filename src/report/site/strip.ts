import type { CellNight, NightStatus } from '../../domain/cell-nights.ts';
import { dateOf } from '../../domain/days.ts';
import { type Html, html, joined, pathData } from './html.ts';
import { shownNights } from './past.ts';

/** How each status is drawn, beside its colour: where a bar begins, and how tall it is, of 16. */
const bars: Readonly<Record<NightStatus, readonly [top: number, height: number]>> = {
  passed: [9, 7],
  flaky: [5, 11],
  failed: [0, 16],
  errored: [12, 4],
  blocked: [12, 4],
  skipped: [14, 2],
  missing: [14, 2],
};

const width = 5;

/** A cell's nights, oldest on the left: red is tall, green is half as tall, no verdict is low; said in words as well. */
export function strip(nights: readonly CellNight[]): Html {
  if (nights.length === 0) {
    return html`<span class="meta">no night yet</span>`;
  }
  const all = nights.length * width;
  const paths = [...Map.groupBy(nights.entries(), ([, { status }]) => status)].map(
    ([status, same]) =>
      html`<path class="n-${status}" d="${pathData(same.map(([index]) => barAt(index, status)).join(''))}"/>`,
  );
  return html`<svg class="strip" viewBox="0 0 ${all} 16" width="${all}" height="16" role="img" aria-label="${spoken(nights)}">${paths}</svg>`;
}

function barAt(index: number, status: NightStatus): string {
  const [top, height] = bars[status];
  return `M${index * width} ${top}h${width - 1}v${height}h-${width - 1}z`;
}

/** `40 nights from 2026-10-01 to 2026-11-22: 38 passed, 2 failed`. */
export function spoken(nights: readonly CellNight[]): string {
  const counts = [...Map.groupBy(nights, ({ status }) => status)].map(
    ([status, same]) => `${same.length} ${status}`,
  );
  const [first, last] = [nights[0], nights.at(-1)];
  const span =
    first && last && first !== last ? `${dateOf(first.at)} to ${dateOf(last.at)}` : dateOf(first?.at ?? '');
  return `${nights.length} ${nights.length === 1 ? 'night' : 'nights'}, ${span}: ${counts.join(', ')}`;
}

/** From best to worst: of several cells in one night, the worst is drawn. */
const ranks: readonly NightStatus[] = [
  'skipped',
  'missing',
  'passed',
  'flaky',
  'errored',
  'blocked',
  'failed',
];

/** Of each night the worst of several cells. */
export function worstOf(cells: readonly (readonly CellNight[])[]): readonly CellNight[] {
  const byRun = new Map<string, CellNight>();
  for (const night of cells.flat()) {
    const known = byRun.get(night.run);
    if (!known || ranks.indexOf(night.status) > ranks.indexOf(known.status)) {
      byRun.set(night.run, night);
    }
  }
  return [...byRun.values()].toSorted((a, b) => (a.at < b.at ? -1 : 1)).slice(-shownNights);
}

/** What bars mean, once a page. */
export const stripKey: Html = html`<p class="key">History, oldest night on the left: ${joined(
  (['passed', 'flaky', 'failed', 'errored', 'skipped'] as const).map((status) => {
    const [top, height] = bars[status];
    const word = status === 'errored' ? 'errored or blocked' : status;
    return html`<span><svg class="strip" viewBox="0 0 5 16" width="5" height="16" aria-hidden="true"><path class="n-${status}" d="M0 ${top}h4v${height}h-4z"/></svg> ${status === 'skipped' ? 'skipped or missing' : word}</span>`;
  }),
  ' ',
)}</p>`;
