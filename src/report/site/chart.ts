import { scaleLinear } from 'd3-scale';
import { area, line, stack as stacked } from 'd3-shape';
import { daysBetween } from '../../domain/days.ts';
import { dayText, dayTicks } from './chart-days.ts';
import { type Html, html, joined, none, pathData } from './html.ts';

/** Some figures along the same days. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What a reader is to take from it, in a sentence. */
  readonly says: string;
  /** ISO dates, oldest first. */
  readonly days: readonly string[];
  readonly series: readonly Series[];
  /** How a figure is printed. */
  readonly format: (value: number) => string;
  /** One on top of the other, or each on its own. */
  readonly kind: 'areas' | 'lines';
  /** The scale's end at least. */
  readonly top: number;
}

export interface Series {
  readonly name: string;
  /** By day; undefined: nothing is known of it. */
  readonly values: readonly (number | undefined)[];
}

const [width, height] = [720, 260];
const margin = { top: 12, right: 130, bottom: 30, left: 64 };

/** A chart as a drawing with its words, and the same figures as a table. */
export function chartOf(chart: Chart): Html {
  const { id, title, says, days, series } = chart;
  const placeOf = (index: number) => daysBetween(days[0] ?? '', days[index] ?? '');
  const span = placeOf(days.length - 1);
  // By the calendar: a week without a night is as wide as one with seven.
  const x = scaleLinear()
    .domain(span > 0 ? [0, span] : [-1, 1])
    .range([margin.left, width - margin.right]);
  const y = scaleLinear()
    .domain([0, Math.max(chart.top, greatest(chart))])
    .nice(4)
    .range([height - margin.bottom, margin.top]);
  const at = (index: number) => x(placeOf(index));
  const drawing = chart.kind === 'areas' ? areas(chart, at, y) : lines(chart, at, y);
  return html`<section class="chart"><h2 id="${id}">${title}</h2><p>${says}</p>
<figure><svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${describe(chart)}</desc>
<g class="axis">${y.ticks(4).map((tick) => html`<line x1="${margin.left}" x2="${width - margin.right}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text x="${margin.left - 8}" y="${round(y(tick) + 4)}" text-anchor="end">${chart.format(tick)}</text>`)}
${dayTicks(days, at).map((index) => html`<text x="${round(at(index))}" y="${height - 8}" text-anchor="middle">${dayText(days, index)}</text>`)}</g>
${drawing}</svg></figure>
<details><summary>The same as a table</summary><div class="sheet" role="region" tabindex="0" aria-label="${title}, as a table"><table class="list figures"><thead><tr><th scope="col">day</th>${series.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${days.map((day, index) => html`<tr><th scope="row">${day}</th>${series.map(({ values }) => html`<td>${printedAt(values[index], chart)}</td>`)}</tr>`).toReversed()}</tbody></table></div></details></section>`;
}

type Scale = (value: number) => number;

function areas({ series, days }: Chart, at: Scale, y: Scale): Html {
  const rows = days.map((_, index) => series.map(({ values }) => values[index] ?? 0));
  const layers = stacked<unknown, readonly number[], number>()
    .keys(series.map((_, index) => index))
    .value((row, key) => row[key] ?? 0)(rows);
  const shape = area<readonly number[]>()
    .x((_, index) => at(index))
    .y0(([from = 0]) => y(from))
    .y1(([, to = 0]) => y(to))
    .digits(1);
  return html`${layers.map((layer, index) => {
    const [from = 0, to = 0] = layer.at(-1) ?? [];
    const only = layer.length === 1 ? bar(at(0), y(to), y(from), index) : none;
    return html`<path class="a${index}" d="${pathData(shape([...layer]) ?? '')}"/>${only}${to > from ? label(series[index], y((from + to) / 2), index) : none}`;
  })}`;
}

const bar = (x: number, top: number, bottom: number, index: number): Html =>
  html`<rect class="a${index}" x="${round(x - 12)}" y="${round(top)}" width="24" height="${round(bottom - top)}"/>`;

function lines({ series }: Chart, at: Scale, y: Scale): Html {
  const shape = line<number | undefined>()
    .defined((value) => value !== undefined)
    .x((_, index) => at(index))
    .y((value) => y(value ?? 0))
    .digits(1);
  const ends = apart(series.map(({ values }) => y(values.findLast((value) => value !== undefined) ?? 0)));
  return html`${series.map((one, index) => {
    const dots = one.values.length <= 60 ? one.values : [];
    const marks = dots.flatMap((value, place) =>
      value === undefined
        ? []
        : [html`<circle class="d${index}" cx="${round(at(place))}" cy="${round(y(value))}" r="2.5"/>`],
    );
    return html`<path class="l${index}" d="${pathData(shape(one.values) ?? '')}"/>${joined(marks)}${label(one, ends[index] ?? 0, index)}`;
  })}`;
}

/** The series' name beside its end, so that nobody has to tell colours apart. */
function label(series: Series | undefined, y: number, index: number): Html {
  return html`<text class="t${index}" x="${width - margin.right + 10}" y="${round(y + 4)}">${series?.name}</text>`;
}

/** The same heights, moved until their labels are no longer on top of one another. */
function apart(heights: readonly number[], least = 15): readonly number[] {
  const order = heights.map((y, index) => ({ y, index })).toSorted((a, b) => a.y - b.y);
  let free = Number.NEGATIVE_INFINITY;
  const moved = order.map(({ y, index }) => {
    free = Math.max(y, free + least);
    return [index, free] as const;
  });
  const over = Math.max(0, free - (height - margin.bottom));
  const byIndex = new Map(moved.map(([index, y]) => [index, y - over]));
  return heights.map((y, index) => byIndex.get(index) ?? y);
}

function describe({ days, series, ...chart }: Chart): string {
  const span = days.length > 1 ? `${days.length} days, ${days[0]} to ${days.at(-1)}` : `one day, ${days[0]}`;
  const last = series.map(
    ({ name, values }) =>
      `${name} ${printedAt(
        values.findLast((one) => one !== undefined),
        chart,
      )}`,
  );
  return `${span}; at the end: ${last.join(', ')}`;
}

function greatest({ kind, series, days }: Chart): number {
  const values = days.map((_, index) => series.map((one) => one.values[index] ?? 0));
  const tops = values.map((row) =>
    kind === 'areas' ? row.reduce((sum, one) => sum + one, 0) : Math.max(...row),
  );
  return tops.reduce((most, one) => Math.max(most, one), 0);
}

const printedAt = (value: number | undefined, { format }: Pick<Chart, 'format'>): string =>
  value === undefined ? '–' : format(value);

const round = (value: number): string => String(Math.round(value * 10) / 10);
