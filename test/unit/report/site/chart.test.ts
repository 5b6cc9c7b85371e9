import { describe, expect, it } from 'vitest';
import { chartOf } from '../../../../src/report/site/chart.ts';

const drawn = (days: readonly string[]) =>
  chartOf({
    ...{ id: 'green', title: 'Green', says: 'How many.', days, kind: 'lines', top: 1, format: String },
    series: [{ name: 'green', values: days.map(() => 1) }],
  }).text;
const placesOf = (text: string) => [...text.matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x));
const ticksOf = (text: string) =>
  [...text.matchAll(/<text x="([\d.]+)" y="252" text-anchor="middle">([^<]*)</g)].map(
    ([, x, day]) => [Number(x), day] as const,
  );

describe('a chart', () => {
  it('leaves room for the days of which nothing is told', () => {
    const [first = 0, second = 0, third = 0] = placesOf(drawn(['2026-01-01', '2026-01-02', '2026-01-11']));

    expect((third - second) / (second - first)).toBeCloseTo(9, 0);
  });

  it('writes the first and the last day below it, and none onto another', () => {
    const ticks = ticksOf(drawn(['2026-01-01', '2026-01-02', '2026-01-03', '2026-02-20', '2026-02-21']));

    expect(ticks.map(([, day]) => day)).toEqual(['01-01', '02-21']);
    const many = ticksOf(
      drawn(
        Array.from({ length: 100 }, (_, day) =>
          new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10),
        ),
      ),
    );
    expect(many.length).toBeGreaterThan(4);
    expect(many.every(([x], index) => index === 0 || x - (many[index - 1]?.[0] ?? 0) >= 60)).toBe(true);
  });

  it('puts a single day into the middle', () => {
    expect(placesOf(drawn(['2026-01-01']))).toHaveLength(1);
  });
});
