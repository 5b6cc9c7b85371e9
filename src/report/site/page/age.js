// @ts-check

/**
 * How old a verdict is on a day: by days until which it is fresh, and until which it says anything.
 * @param {string} day ISO date @param {string} today ISO date @param {string} fade `7,21`
 * @returns {{ readonly days: number, readonly state: 'fresh' | 'ageing' | 'stale', readonly step: number }} `step`: 0 fresh, to 4 stale
 */
export function ageOf(day, today, fade) {
  const [fresh = 7, ageing = 21] = fade.split(',').map(Number);
  const days = Math.max(0, Math.round((Date.parse(today) - Date.parse(day)) / 86_400_000));
  if (days > ageing) {
    return { days, state: 'stale', step: 4 };
  }
  if (days > fresh) {
    return { days, state: 'ageing', step: 3 };
  }
  return { days, state: 'fresh', step: Math.min(2, Math.floor((days * 3) / (fresh + 1))) };
}

/** `today`, `yesterday`, `12 days ago`. @param {number} days */
export function agoWords(days) {
  if (days < 2) {
    return days === 0 ? 'today' : 'yesterday';
  }
  return days < 60 ? `${days} days ago` : `${Math.round(days / 30)} months ago`;
}

const steps = { fresh: 0, ageing: 3, stale: 4 };

/**
 * The same, and no fresher than the page was made with: it knew of older cells than the day that stands there.
 * @param {{ readonly state: 'fresh' | 'ageing' | 'stale', readonly step: number }} aged
 * @param {'fresh' | 'ageing' | 'stale'} made
 */
export function noFresher(aged, made) {
  const least = steps[made] ?? 0;
  return aged.step < least ? { state: made, step: least } : { state: aged.state, step: aged.step };
}
