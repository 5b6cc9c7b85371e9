import { dateOf } from '../domain/days.ts';
import type { Facts } from '../domain/result.ts';
import type { Explanation } from './explanation.ts';
import { table } from './markdown-text.ts';

/** The versions of what fails; where there was a green before, beside those of then, what changed first. */
export function bugVersions(
  { versions, since, startedAt }: Explanation,
  say: (text: string) => string,
): string {
  const now = named(versions);
  const green = since.lastGreen && named(since.lastGreen.versions);
  const red = since.firstRed && named(since.firstRed.versions);
  if (now.size === 0) {
    return '';
  }
  if (!green || !red || !since.lastGreen || !since.firstRed) {
    const rows = [...now].map(([key, value]) => [say(key), say(short(value))]);
    return ['## Versions', table(['part', 'version'], rows)].join('\n\n');
  }

  const rows = [...now].map(([key, value]) => {
    const [before, first] = [green.get(key), red.get(key)];
    return { isChanged: before !== undefined && before !== value, cells: [key, before, first, value] };
  });
  const sorted = [
    ...rows.filter(({ isChanged }) => isChanged),
    ...rows.filter(({ isChanged }) => !isChanged),
  ];
  const head = ['part', `worked on ${dateOf(since.lastGreen.at)}`, `failed on ${dateOf(since.firstRed.at)}`];
  return [
    '## Versions',
    table(
      [...head, `fails on ${dateOf(startedAt)}`],
      sorted.map(({ cells }) => cells.map((cell) => (cell === undefined ? '–' : say(short(cell))))),
    ),
  ].join('\n\n');
}

function named(facts: Facts): ReadonlyMap<string, string> {
  return new Map(Object.entries(facts).map(([key, value]) => [key.replace(/^package\./, ''), String(value)]));
}

/** Enough of a digest to tell two apart. */
function short(value: string): string {
  return /^[0-9a-f]{40,}$/.test(value) ? `${value.slice(0, 16)}…` : value;
}
