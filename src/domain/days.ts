const dayMs = 24 * 60 * 60 * 1000;

/** Whole days from one ISO date or time to another, by the calendar in UTC; negative where `to` is the earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(dateOf(to)) - Date.parse(dateOf(from))) / dayMs;
}

/** The date of an ISO time. */
export function dateOf(time: string): string {
  return time.slice(0, 10);
}
