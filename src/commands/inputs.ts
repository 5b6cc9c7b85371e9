import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Distro } from '../domain/distro.ts';
import type { Batch } from '../domain/plan.ts';
import { groups } from '../domain/scenario.ts';
import { isCode } from '../load/load-scenarios.ts';

type Inputs = Readonly<Record<string, string>>;

/** A digest of each release, and of each scenario's file with all that scenarios share, by their ids. */
export async function inputsOf(
  distros: readonly Distro[],
  scenarioFolders: readonly string[],
): Promise<Inputs> {
  const scenarios = await Promise.all(scenarioFolders.map(scenariosIn));
  return Object.fromEntries([
    ...distros.map((distro) => [distro.id, digestOf(JSON.stringify(distro))]),
    ...scenarios.flat(),
  ]);
}

/** What is not as it was of all that these batches rest on, by its id. What was not written down cannot be compared. */
export function changedInputs(before: Inputs, now: Inputs, batches: readonly Batch[]): readonly string[] {
  const used = batches.flatMap(({ distro, cells }) => [distro, ...cells.map(({ scenario }) => scenario)]);
  return [...new Set(used)].filter((id) => before[id] !== undefined && now[id] !== before[id]);
}

/** Code that scenarios share lies in folders that are no group's; a change of it may be a change of any of them. */
async function scenariosIn(folder: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && isCode(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
  const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')));
  const files = paths.map((path, index) => ({ path, text: texts[index] ?? '' }));
  const isOwn = ({ path }: { readonly path: string }) => groups.some((group) => path.startsWith(`${group}/`));
  const shared = JSON.stringify(files.filter((file) => !isOwn(file)));
  return files
    .filter(isOwn)
    .map(({ path, text }) => [path.replace(/\.[jt]s$/, '').replaceAll('/', '.'), digestOf(text + shared)]);
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
