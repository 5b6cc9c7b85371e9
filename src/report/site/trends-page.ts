import { type TrendDay, trendsOf } from '../../domain/trends.ts';
import { chartOf, type Series } from './chart.ts';
import { framed } from './frame.ts';
import { type Html, html } from './html.ts';
import type { View } from './view.ts';

const percent = (value: number): string => `${Math.round(value * 1000) / 10} %`;
const minutes = (value: number): string => `${Math.round(value * 10) / 10} min`;

/** How it went, day by day: support, flakes, durations. */
export function trendsPage(view: View): string {
  const { days } = trendsOf(view.site.chronicle);
  return framed(
    {
      title: 'Trends – katafarm',
      description: 'Support, flake rate and durations over time.',
      depth: 0,
      at: 'trends',
      body: html`<h1>Trends</h1>
${days.length === 0 ? html`<p class="lede">No night is in the published history yet.</p>` : charts(days)}`,
    },
    view,
  );
}

function charts(all: readonly TrendDay[]): Html {
  const days = all.map(({ day }) => day);
  const [first, last] = [days[0], days.at(-1)];
  const series = (name: string, value: (day: TrendDay) => number | undefined): Series => ({
    name,
    values: all.map(value),
  });
  const span =
    first === last ? `the one day that there is, ${first}` : `${days.length} days, ${first} to ${last}`;
  return html`<p class="lede">What the published history tells of ${span}.</p>
${chartOf({
  id: 'support',
  title: 'Support over time',
  says: 'Releases by their best stack of own parts: of what ran of it nothing was red, something was, or there is no verdict that still holds. A published word asks for more.',
  days,
  kind: 'areas',
  format: (value) => String(Math.round(value)),
  top: 4,
  series: [
    series('nothing red', ({ releases }) => releases.works),
    series('red', ({ releases }) => releases.broken),
    series('no verdict', ({ releases }) => releases.untold),
  ],
})}
${chartOf({
  id: 'green',
  title: 'Green cells',
  says: 'Of the cells with a verdict on a day, how many were green.',
  days,
  kind: 'lines',
  format: percent,
  top: 1,
  series: [series('green', ({ green }) => green)],
})}
${chartOf({
  id: 'flakes',
  title: 'Flake rate',
  says: 'Of the cells with a verdict on a day, how many were red on one clone and green on the next. A flake is never hidden.',
  days,
  kind: 'lines',
  format: percent,
  top: 0.01,
  series: [series('flaky', ({ flaky }) => flaky)],
})}
${chartOf({
  id: 'durations',
  title: 'Durations',
  says: 'How long the cells of one release took on a day, added up: the slowest release, the median, the quickest.',
  days,
  kind: 'lines',
  format: minutes,
  top: 1,
  series: [
    series('slowest', ({ seconds }) => at(seconds, 1)),
    series('median', ({ seconds }) => at(seconds, 0.5)),
    series('quickest', ({ seconds }) => at(seconds, 0)),
  ],
})}`;
}

/** Of the releases that ran, in minutes: 0 is the quickest, 1 the slowest. */
function at(seconds: TrendDay['seconds'], part: number): number | undefined {
  const all = Object.values(seconds)
    .filter((one) => one > 0)
    .toSorted((a, b) => a - b);
  const middle = all[Math.round((all.length - 1) * part)];
  return middle === undefined ? undefined : middle / 60;
}
