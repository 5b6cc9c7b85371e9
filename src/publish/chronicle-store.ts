import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Chronicle, noChronicle } from '../domain/chronicle.ts';
import { mergeChronicles } from '../domain/chronicle-merge.ts';
import { UserError } from '../errors.ts';
import type { Artifact } from '../report/report.ts';
import { laneLines, redLines, runLines } from './chronicle-text.ts';
import { parseLanes, parseReds, parseRuns } from './history-parse.ts';
import { textOf } from './text-of.ts';

/**
 * The history below a published folder; one without runs where there is none. Throws a UserError with file and line for
 * a store that is damaged, or of a version that this katafarm doesn't know.
 */
export async function readChronicle(folder: string): Promise<Chronicle> {
  return readStore(join(folder, 'history'));
}

/** The history at a place that somebody names: a published folder, or its `history/`. Throws a UserError where none is. */
export async function readChronicleAt(place: string): Promise<Chronicle> {
  for (const folder of [join(place, 'history'), place]) {
    if ((await textOf(join(folder, 'runs.jsonl'))) !== undefined) {
      return readStore(folder);
    }
  }
  throw new UserError(
    `cannot fold ${place} in: it has no runs.jsonl, nor a history folder with one; name a published folder`,
  );
}

/** The files of a history, below the published folder. The same chronicle gives the same bytes. */
export function chronicleArtifacts(chronicle: Chronicle): readonly Artifact[] {
  const releases = Map.groupBy(chronicle.lanes, ({ release }) => release);
  return [
    { path: 'history/runs.jsonl', text: runLines(chronicle) },
    { path: 'history/reds.jsonl', text: redLines(chronicle) },
    ...[...releases].map(([release, lanes]) => ({
      path: `history/releases/${release}.jsonl`,
      text: laneLines(lanes),
    })),
  ];
}

async function readStore(store: string): Promise<Chronicle> {
  const places = {
    runs: join(store, 'runs.jsonl'),
    reds: join(store, 'reds.jsonl'),
    lanes: join(store, 'releases'),
  };
  const told = await textOf(places.runs);
  const names = (await readdir(places.lanes).catch(() => []))
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted();
  if (told === undefined) {
    if (names.length > 0) {
      throw new UserError(`cannot read ${places.runs}: it is gone; restore history/ from version control`);
    }
    return noChronicle;
  }

  const runs = parseRuns(told, places.runs);
  const reds = parseReds((await textOf(places.reds)) ?? redLines(noChronicle), places.reds);
  const known = { runs: new Set(runs.map(({ id }) => id)), reds: new Set(Object.keys(reds)) };
  const lanes = [];
  for (const name of names) {
    const path = join(places.lanes, name);
    lanes.push(...parseLanes((await textOf(path)) ?? '', path, known));
  }
  // By hand or by git anything may have been put in another order.
  return mergeChronicles([{ runs, lanes, reds }]);
}
