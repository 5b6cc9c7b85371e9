import { daysBetween } from '../../domain/days.ts';

/** Between days that are written below it. */
const apartDays = 70;

/** A day as it is written below a chart: of a long time its month. */
export function dayText(days: readonly string[], index: number): string | undefined {
  return daysBetween(days[0] ?? '', days.at(-1) ?? '') > 120
    ? days[index]?.slice(0, 7)
    : days[index]?.slice(5);
}

/** A few days that are written below it, the first and the last among them, none onto another. */
export function dayTicks(days: readonly string[], at: (index: number) => number): readonly number[] {
  const last = days.length - 1;
  const ticks: number[] = [];
  for (const index of days.keys()) {
    const before = ticks.at(-1);
    const isFree = before === undefined || at(index) - at(before) >= apartDays;
    if (isFree && (index === last || before === undefined || at(last) - at(index) >= apartDays)) {
      ticks.push(index);
    }
  }
  return ticks.at(-1) === last ? ticks : [...ticks, last];
}
