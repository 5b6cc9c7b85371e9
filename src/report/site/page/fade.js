import { ageOf, agoWords, noFresher } from './age.js';

/** Says how long ago each day was, from today, and lets verdicts fade that have aged since the page was made. */
export function tendAges(root = document, now = () => new Date()) {
  const today = now().toISOString().slice(0, 10);
  let stale = 0;
  for (const time of root.querySelectorAll('[data-fade] time[data-age]')) {
    // What is past its end doesn't change any more, so what was found of it doesn't age.
    if (time.closest('.eol')) {
      continue;
    }
    const fade = time.closest('[data-fade]')?.dataset.fade ?? '';
    const before = time.dataset.age;
    const aged = ageOf(time.dataset.from ?? time.dateTime, today, fade);
    const { state, step } = noFresher(aged, before);
    time.dataset.age = state;
    time.dataset.step = String(step);
    time.title = agoWords(ageOf(time.dateTime, today, fade).days);
    if (state !== 'fresh' && !time.nextElementSibling?.classList.contains('age')) {
      const note = document.createElement('span');
      note.className = 'age';
      const when = `${time.dataset.from ? 'its oldest cell ' : ''}${agoWords(aged.days)}`;
      note.textContent = state === 'stale' ? ` stale by now (${when})` : ` ageing (${when})`;
      time.after(note);
    }
    const isOwn = !time.closest('.headline');
    stale += isOwn && state === 'stale' && before !== 'stale' ? 1 : 0;
  }
  return { today, stale };
}

/** What the page is as of, and what has happened to it since. */
export function tellAsOf({ today, stale }) {
  const place = document.getElementById('as-of');
  const asOf = document.body.dataset.asOf;
  if (!place || !asOf || asOf >= today) {
    return;
  }
  const { days } = ageOf(asOf, today, '7,21');
  const since =
    stale > 0
      ? ` Since then ${stale} of its verdicts have become too old to say anything; they are marked.`
      : '';
  place.append(` It was made ${agoWords(days)}.${since}`);
}
