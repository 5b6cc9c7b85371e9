/** Publishes one more night, with all pages, into a folder that has a year of them, and says what that took. */
import { resolve } from 'node:path';
import { publishedPages } from '../src/commands/published-pages.ts';
import { publish } from '../src/publish/publish.ts';
import { nightsOfYear } from '../test/support/year.ts';
import type { Folded } from './history-fold.ts';

/** The day after the year that `nightsOfYear` makes, with its last Kata. */
const nextDay = '2026-11-22';
const lastKata = '4.3.0';

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..');
  const pages = await publishedPages({ root, cwd: root });
  const nights = [...nightsOfYear({ nights: 1, from: nextDay, kata: lastKata })];
  await publish(nights, { folder: process.argv[2] ?? '', pages, today: nextDay });

  const { user, system } = process.cpuUsage();
  const folded: Folded = {
    cpuMs: (user + system) / 1000,
    peakMB: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
  console.log(JSON.stringify(folded));
}
