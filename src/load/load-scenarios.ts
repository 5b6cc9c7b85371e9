import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Group, groupOf, groups, type ScenarioId } from '../domain/scenario.ts';
import { UserError } from '../errors.ts';
import type { LoadedScenario } from '../scenario.ts';
import type { Folders } from './folders.ts';
import type { Checked } from './load-distros.ts';
import { hintOf, nearest } from './nearest.ts';
import { plainScenario } from './plain-scenario.ts';
import { restingComplaints } from './resting.ts';

/** Every scenario of the folders, in the order of the groups, then by name. Throws one UserError with every complaint. */
export async function loadScenarios(folders: Folders): Promise<readonly LoadedScenario[]> {
  const { values, complaints } = await checkScenarios(folders);
  if (complaints.length > 0) {
    throw new UserError(`cannot use the scenarios in ${folders.join(', ')}:\n  ${complaints.join('\n  ')}`);
  }
  return values;
}

/** The same, with the complaints as a value. Throws a UserError only where a folder can't be read. */
export async function checkScenarios(folders: Folders): Promise<Checked<LoadedScenario>> {
  const places = lastOf(await Promise.all(folders.map(placesIn)));
  const files = new Map<ScenarioId, string>();
  const values: LoadedScenario[] = [];
  const complaints: string[] = [];

  for (const { file, id, complaint } of places) {
    const before = id && files.get(id);
    if (before !== undefined) {
      complaints.push(`${file}: is the scenario ${id}, as is ${before}`);
    }
    if (complaint !== undefined) {
      complaints.push(`${file}: ${complaint}`);
    }
    if (!id || before !== undefined) {
      continue;
    }

    files.set(id, file);
    const checked = await checkFile(file, id);
    values.push(...checked.values);
    complaints.push(...checked.complaints);
  }

  const known = [...files.keys()];
  const resting = restingComplaints(values, known).map(({ id, message }) => `${files.get(id)}: ${message}`);
  return { values: values.toSorted(inOrder), complaints: [...complaints, ...resting] };
}

/** Those of all folders, less what a later folder has as well. */
function lastOf(folders: readonly (readonly Place[])[]): readonly Place[] {
  const ids = folders.map((places) => new Set(places.flatMap(({ id }) => id ?? [])));
  return folders.flatMap((places, index) => {
    const later = ids.slice(index + 1);
    return places.filter(({ id }) => id === undefined || !later.some((known) => known.has(id)));
  });
}

/** A file of code, and the scenario that it is by its place, or why it is none. */
interface Place {
  readonly file: string;
  readonly id?: ScenarioId;
  readonly complaint?: string;
}

async function placesIn(folder: string): Promise<readonly Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new UserError(`cannot read the scenarios' folder ${folder}: name one that exists by --scenarios`, {
      cause,
    });
  });

  return entries
    .filter((entry) => entry.isFile() && isCode(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .flatMap((file) => placeOf(file, relative(folder, file)) ?? []);
}

/** A scenario that comes along with an installed package is compiled. */
export function isCode(name: string): boolean {
  return /(?<!\.d)\.[jt]s$/.test(name);
}

/** Undefined for code that scenarios share: it lies in a folder that is no group's. */
function placeOf(file: string, path: string): Place | undefined {
  const id = path.replace(/\.[jt]s$/, '').replaceAll(/[\\/]/g, '.');
  const [top = '', ...rest] = path.split(/[\\/]/);

  if (rest.length === 0) {
    return { file, complaint: `must lie in a group's folder: ${groups.join('/, ')}/` };
  }
  if (!isGroup(top)) {
    const meant = nearest(top, groups);
    return meant ? { file, complaint: `its folder is no group's; ${hintOf(top, groups)}` } : undefined;
  }
  if (!isScenarioId(id)) {
    return { file, complaint: 'its name is its id, and must be lower-case words joined by dots and hyphens' };
  }
  return { file, id };
}

async function checkFile(file: string, id: ScenarioId): Promise<Checked<LoadedScenario>> {
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    const plain = plainScenario(id, module.default);
    if (plain) {
      return { values: [plain], complaints: [] };
    }
    const { checkScenario } = await import('./scenario-schema.ts');
    return checkScenario(file, id, module.default);
  } catch (error) {
    return { values: [], complaints: [`${file}: cannot be loaded: ${reasonOf(error, file)}`] };
  }
}

/** The first line of what went wrong, with its line in the file where the stack tells it. */
function reasonOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const [, line] = (error.stack ?? '').split(file)[1]?.match(/^:(\d+)/) ?? [];
  const what = error.message.trim().split('\n')[0] ?? '';
  const isNoModule = what === 'Cannot use import statement outside a module';
  const hint = isNoModule ? '; say "type": "module" in the package.json above it' : '';
  return `${error.name}: ${what}${line ? ` (line ${line})` : ''}${hint}`;
}

function isGroup(word: string): word is Group {
  return groups.some((group) => group === word);
}

function isScenarioId(id: string): id is ScenarioId {
  return /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/.test(id);
}

function inOrder(a: LoadedScenario, b: LoadedScenario): number {
  return groups.indexOf(groupOf(a.id)) - groups.indexOf(groupOf(b.id)) || (a.id < b.id ? -1 : 1);
}
