import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { groups } from '../domain/scenario.ts';
import { stacks } from '../domain/stack.ts';
import type { Name } from './complete-line.ts';
import type { Context } from './context.ts';
import { runsFolder } from './find-run.ts';
import { distroFolders, scenarioFolders } from './folders.ts';

/** What a value can be: words, or a path of the host, which the shell itself completes. */
export type Values = readonly Name[] | 'files' | 'folders';

/** What stands on the line already and says where to look: values by an option's long name. */
type Given = ReadonlyMap<string, string>;

type Source = (context: Context, given: Given) => Promise<Values> | Values;

/** Where values come from, by what an option's or argument's definition calls them: `--stack <stack...>`. */
const sources: Readonly<Record<string, Source>> = {
  distro: releases,
  scenario: scenarioIds,
  stack: () => stacks.map(({ id, title }) => ({ word: id, about: title })),
  run: async (context, given) => (await readdir(runsOf(context, given))).toSorted().reverse().map(name),
  cell: keptIds,
  'red cell': redIds,
  dir: () => 'folders',
  file: () => 'files',
  script: () => 'files',
};

/** What a value by this name can be. What can't be found out is left unsaid: nobody waits for a complaint here. */
export async function valuesOf(called: string, context: Context, given: Given): Promise<Values> {
  const source = Object.hasOwn(sources, called) ? sources[called] : undefined;
  try {
    return (await source?.(context, given)) ?? [];
  } catch {
    return [];
  }
}

/** The names of files are the ids; their content is not needed. */
async function releases(context: Context, given: Given): Promise<Values> {
  const distros = given.get('--distros');
  const folders = distroFolders(context, { ...(distros && { distros }) });
  const names = (await Promise.all(folders.map((folder) => readdir(folder)))).flat();
  const files = names.filter((file) => file.endsWith('.yaml')).toSorted();
  return [...new Set(files)].map((file) => name(file.slice(0, -'.yaml'.length)));
}

async function scenarioIds(context: Context, given: Given): Promise<Values> {
  const own = given.get('--scenarios');
  const folders = scenarioFolders(context, { ...(own && { scenarios: [own] }) });
  const places = groups.flatMap((group) => folders.map((folder) => ({ group, folder })));
  const ids = await Promise.all(
    places.map(async ({ group, folder }) => {
      const files = await readdir(join(folder, group), { recursive: true }).catch(() => []);
      return files
        .filter((file) => /(?<!\.d)\.[jt]s$/.test(file))
        .map((file) => `${group}.${file.slice(0, -'.ts'.length).replaceAll('/', '.')}`)
        .toSorted();
    }),
  );
  return [...new Set(ids.flat())].map(name);
}

/** Cells of which the run on the line kept a machine. */
async function keptIds(context: Context, given: Given): Promise<Values> {
  const run = given.get('--run') ?? '';
  const text = await readFile(join(runsOf(context, given), run, 'journal.jsonl'), 'utf8');
  const facts = text.split('\n').filter((line) => line.includes('"kept"'));
  const cells = facts.map((line) => (JSON.parse(line) as { readonly subject?: string }).subject ?? '');
  return [...new Set(cells)].filter((cell) => cell !== '').map(name);
}

/** Cells that are not green in the run on the line, else in the newest few. */
async function redIds(context: Context, given: Given): Promise<Values> {
  const runs = runsOf(context, given);
  const run = given.get('--run');
  const names = run === undefined ? (await readdir(runs)).toSorted().slice(-5) : [run];
  const red = /"type":"cell-ended","cell":"([^"]+)","outcome":\{"status":"(?:failed|errored|blocked)"/;
  const cells = await Promise.all(
    names.map(async (one) => {
      const text = await readFile(join(runs, one, 'journal.jsonl'), 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => red.exec(line)?.[1] ?? []);
    }),
  );
  return [...new Set(cells.flat())].toSorted().map(name);
}

function runsOf(context: Context, given: Given): string {
  const out = given.get('--out');
  return out ? resolve(context.cwd, out) : runsFolder(context);
}

function name(word: string): Name {
  return { word, about: '' };
}
