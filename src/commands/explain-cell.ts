import { relative } from 'node:path';
import { changedFor } from '../report/by-hand.ts';
import { type Explanation, explanationOf } from '../report/explanation.ts';
import { type Sighting, sightingOf, sinceOf } from '../report/since.ts';
import type { Context } from './context.ts';
import { type FoundCell, findCell } from './find-cell.ts';
import { readExcerpts, readTail } from './read-excerpts.ts';

/** What `explain` and `bug` take. */
export interface CellOptions {
  readonly run?: string;
  readonly out?: string;
  readonly json?: true;
}

/** Finds a cell and gathers all that there is to be told of it. */
export async function explainCell(
  context: Context,
  id: string,
  { run, out }: CellOptions,
): Promise<{ readonly found: FoundCell; readonly told: Explanation }> {
  const found = await findCell(context, id, { run, out });
  const { tested, folder, greenSince } = found;
  const { result } = tested;
  const evidence = await readExcerpts(folder, result?.finding?.evidence ?? []);
  const ofAttempts = result?.files.filter((path) => !path.includes('/experiments/'));
  const transcript = ofAttempts?.findLast((path) => path.endsWith('/transcript.txt'));
  const isBad = tested.shown === 'failed' || tested.shown === 'errored';
  const tail = isBad && evidence.length === 0 && transcript ? await readTail(folder, transcript) : undefined;
  const since = tested.shown === 'failed' ? await sinceOf(sightings(found)) : {};

  const below = relative(context.cwd, folder);
  const shown = below.startsWith('..') ? folder : below || '.';
  return {
    found,
    told: explanationOf(found.run, tested, { folder: shown, evidence, tail, since, greenSince }),
  };
}

/** What somebody changed by hand says nothing of the release, before it or since: but this run is what is asked about. */
async function* sightings({ run: asked, tested: { cell }, backwards }: FoundCell): AsyncGenerator<Sighting> {
  for await (const { run } of backwards()) {
    if (run.id === asked.id || changedFor(run, cell).length === 0) {
      yield sightingOf(run, cell.id);
    }
  }
}
