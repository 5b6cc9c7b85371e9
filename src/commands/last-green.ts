import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellId } from '../domain/cell.ts';
import { isChangedAlike, isGreen } from '../domain/greens.ts';
import { type Run, replay } from '../domain/run.ts';
import { parseJournal } from '../journal/parse.ts';
import { toldBy } from '../run/counting-lines.ts';
import type { LastGreenOf } from '../run/last-green.ts';
import { type Head, headsIn } from './run-heads.ts';

/** So many of the newest runs that planned a cell are read for it: what is older was another release's state. */
const mostRead = 20;

/** Of the cells that were plainly green in a run, the files that they left, by batch and cell. */
type Greens = ReadonlyMap<string, readonly string[]>;

/**
 * Where cells were green before `run`, among the runs below `out`, whatever their Kata and packages: in the newest in which a
 * machine of the same kind was green with it, and nobody had changed it by hand otherwise than now. Nothing is read before
 * it is asked for, and no journal twice; one that can't be read tells nothing.
 */
export function lastGreens(out: string, run: string): LastGreenOf {
  let earlier: Promise<readonly Head[]> | undefined;
  const read = new Map<string, Promise<Greens>>();
  const greensIn = (name: string) => {
    const greens = read.get(name) ?? greensOf(join(out, name));
    read.set(name, greens);
    return greens;
  };

  return async (cell, batch) => {
    earlier ??= earlierThan(run, out);
    const planned = (await earlier).filter(({ cells }) => cells.includes(cell)).slice(0, mostRead);
    for (const { id, name } of planned) {
      const files = (await greensIn(name)).get(keyOf(batch, cell)) ?? [];
      const told = await toldBy(join(out, name), files);
      // A run whose files somebody has cleared away tells nothing.
      if (told.some(({ text }) => text !== '')) {
        return { run: id, told };
      }
    }
    return undefined;
  };
}

async function earlierThan(run: string, out: string): Promise<readonly Head[]> {
  const heads = await headsIn(out);
  const own = heads.find(({ id }) => id === run);
  return own ? heads.filter((one) => one.at < own.at && isChangedAlike(one, own)) : [];
}

async function greensOf(folder: string): Promise<Greens> {
  const run = await runIn(folder);
  // What a journal says of files is not believed beyond the folder of the cell that left them.
  const filesOf = (cell: CellId) => run?.results.get(cell)?.files.filter((path) => isBelow(path, cell)) ?? [];
  const green = run?.plan.batches.flatMap(({ id, cells }) =>
    cells.filter((cell) => isGreen(run, cell)).map((cell) => [keyOf(id, cell.id), filesOf(cell.id)] as const),
  );
  return new Map(green);
}

const isBelow = (path: string, cell: string) =>
  path.startsWith(`cells/${cell}/`) && !path.split('/').includes('..');

const keyOf = (batch: string, cell: string) => `${batch} ${cell}`;

async function runIn(folder: string): Promise<Run | undefined> {
  try {
    return replay(parseJournal(await readFile(join(folder, 'journal.jsonl'), 'utf8')));
  } catch {
    return undefined;
  }
}
