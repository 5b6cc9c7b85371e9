import type { RunNote } from './evidence.ts';

/** The newest run that brought a verdict; of before policy 3, any. */
export function newestData(runs: readonly RunNote[]): RunNote | undefined {
  return runs
    .filter(({ executed }) => executed === undefined || executed > 0)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
    .at(-1);
}

/** To the hour and beyond, not by the calendar: a night that began late is not yet a night without data. */
export function ageInDays(then: string, now: string): number {
  return (Date.parse(now) - Date.parse(then)) / 86_400_000;
}
