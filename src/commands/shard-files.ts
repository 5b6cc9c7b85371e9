import { cp, lstat, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CellId } from '../domain/cell.ts';
import { UserError } from '../errors.ts';
import { parseJournal } from '../journal/parse.ts';
import type { NamedJournal, Told } from '../journal/shard-journal.ts';
import { refusal } from '../publish/write-artifacts.ts';
import type { Context } from './context.ts';
import { findRun } from './find-run.ts';

export interface FoundJournal extends NamedJournal {
  /** Where its run's files are. */
  readonly folder: string;
}

/** How deep a folder is looked into for runs: CI puts each download into a folder of its own. */
const depth = 3;

/**
 * The journals that are meant. One that can't be read is left out, and said: it is as good as a shard that never came back.
 * Throws a UserError where none of the names is anything's, and one (exit 3) where none of what there is can be merged.
 */
export async function journalsIn(
  context: Pick<Context, 'cwd'>,
  refs: readonly string[],
  runs: string,
): Promise<{ readonly journals: readonly FoundJournal[]; readonly left: readonly string[] }> {
  const places = (await Promise.all(refs.map((ref) => placesOf(context, ref)))).flat();
  const journals: FoundJournal[] = [];
  const left: string[] = [];
  const strange: UserError[] = [];
  for (const ref of [...new Set(places)]) {
    try {
      const { folder } = await findRun(context, ref, runs);
      const name = join(folder, 'journal.jsonl');
      journals.push({ name, folder, entries: parseJournal(await readFile(name, 'utf8'), name) });
    } catch (error) {
      if (!(error instanceof UserError)) {
        throw error;
      }
      left.push(`left out: ${error.message}`);
      strange.push(...((await isThere(resolve(context.cwd, ref))) ? [] : [error]));
    }
  }
  const [mistyped] = strange;
  if (mistyped && strange.length === refs.length) {
    throw mistyped;
  }
  if (journals.length === 0) {
    const why = left.length > 0 ? `: ${left.join('; ')}` : '';
    throw new UserError(
      `cannot merge anything: no shard came back in ${refs.join(', ')}${why}; run the shards again`,
      { exitCode: 3 },
    );
  }
  return { journals, left };
}

/** The runs in a folder that is none itself; anything else as it was said. */
async function placesOf({ cwd }: Pick<Context, 'cwd'>, ref: string): Promise<readonly string[]> {
  const folder = resolve(cwd, ref);
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
  return isFolder ? runsBelow(folder, depth) : [ref];
}

async function runsBelow(folder: string, levels: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some(({ name }) => name === 'journal.jsonl')) {
    return [folder];
  }
  const folders = levels > 0 ? entries.filter((entry) => entry.isDirectory()) : [];
  const found = await Promise.all(folders.map(({ name }) => runsBelow(join(folder, name), levels - 1)));
  return found.flat().toSorted();
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Names that a cell's id is made of; journals travel, and these become paths. */
const safe = /^[\w.+@~-]+\/[\w.+@~-]+\/[\w.+@~-]+$/;

/** Transcripts and what else each shard's cells left, into the folder of the run that they are put together as. */
export async function copyCells(
  shards: readonly (Pick<Told, 'shard' | 'lines'> & { readonly folder: string })[],
  target: string,
): Promise<void> {
  for (const { lines, folder } of shards) {
    const cells = new Set<CellId>(
      lines.flatMap((entry) => ('cell' in entry && entry.cell ? [entry.cell] : [])),
    );
    for (const id of [...cells].filter((one) => safe.test(one) && !one.split('/').includes('..'))) {
      const [from, to] = [join(folder, 'cells', id), join(target, 'cells', id)];
      if (from !== to && (await isThere(from))) {
        await copy(from, to).catch((cause: unknown) => {
          throw refusal(target, cause);
        });
      }
    }
  }
}

/** Files and folders alone: a link may lead anywhere. What another run of the shard left there goes. */
async function copy(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, {
    recursive: true,
    filter: async (path) => {
      const found = await lstat(path);
      return found.isFile() || found.isDirectory();
    },
  });
}
