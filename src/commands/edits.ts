import { watch as watchPath } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { groups, isChosen, type ScenarioId } from '../domain/scenario.ts';
import { UserError } from '../errors.ts';
import { isCode } from '../load/load-scenarios.ts';
import type { Context } from './context.ts';
import { runsFolder } from './find-run.ts';
import { distroFolders, scenarioFolders } from './folders.ts';
import type { Options } from './sitting.ts';

/** What is to be run again: some scenarios, or all that were chosen. */
export type Meant = 'all' | readonly ScenarioId[];

/** Edits as they happen, told once they have come to rest. Dispose of it to stop looking. */
export interface Edits extends Disposable {
  readonly next: () => Promise<Meant>;
}

/** Editors save in several steps, and people save several files at once. */
const restMs = 200;

/** Where scenarios and releases of a selection are, and which of them were chosen. */
export interface Watched {
  readonly scenarios: readonly string[];
  readonly distros: readonly string[];
  readonly script?: string | undefined;
  /** Where runs are written: what comes and goes there is nobody's edit. */
  readonly out: string;
  readonly globs: readonly string[];
  readonly releases: readonly string[];
}

/** Looks at the folders of scenarios and releases, and at the script of `--prepare` or `--prepare-cold`. */
export function editsOf(context: Context, words: readonly string[], options: Options): Edits {
  const { cwd } = context;
  const { prepare = options.prepareCold, scenario: globs = [] } = options;
  return watchFor({
    scenarios: scenarioFolders(context, options),
    distros: distroFolders(context, options),
    script: prepare && resolve(cwd, prepare),
    out: options.out ? resolve(cwd, options.out) : runsFolder(context),
    globs,
    releases: words,
  });
}

/** Throws a UserError for a folder that can't be looked at. */
export function watchFor(watched: Watched, pauseMs = restMs): Edits {
  const { scenarios, distros, script } = watched;
  const seen = new Set<string>();
  let told = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;

  const look = (place: string, recursive: boolean) => {
    try {
      return watchPath(place, { recursive }, (_event, name) => {
        const path = join(place, name ?? '');
        if (meaningOf(path, watched) === undefined) {
          return;
        }
        seen.add(path);
        clearTimeout(timer);
        timer = setTimeout(() => told.resolve(), pauseMs);
      });
    } catch (cause) {
      throw new UserError(`cannot watch ${place}: ${(cause as Error).message}`, { cause });
    }
  };
  const watchers = [
    ...scenarios.map((folder) => look(folder, true)),
    ...distros.map((folder) => look(folder, false)),
    // Not the file: an editor puts another in its place.
    ...(script ? [look(dirname(script), false)] : []),
  ];

  return {
    async next() {
      await told.promise;
      told = Promise.withResolvers();
      const meanings = [...seen].flatMap((path) => meaningOf(path, watched) ?? []);
      seen.clear();
      return meanings.includes('all') ? 'all' : [...new Set(meanings as readonly ScenarioId[])];
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const watcher of watchers) {
        watcher.close();
      }
    },
  };
}

/** What an edit of a file means: one scenario that was chosen, all of them, or nothing (undefined). */
export function meaningOf(
  path: string,
  { scenarios, distros, script, out, globs, releases }: Watched,
): 'all' | ScenarioId | undefined {
  const name = basename(path);
  if (path === script) {
    return 'all';
  }
  // Editors' own files: .qemu.boot.ts.swp, 4913, qemu.boot.ts~
  if (name.startsWith('.') || !/\.[a-z]+$/.test(name)) {
    return undefined;
  }
  const folder = scenarios.find((one) => path.startsWith(`${one}/`));
  if (folder === undefined) {
    const isChosen = releases.length === 0 || releases.includes(name.replace(/\.yaml$/, ''));
    return distros.includes(dirname(path)) && name.endsWith('.yaml') && isChosen ? 'all' : undefined;
  }

  const below = relative(folder, path);
  const isOfRun = out.startsWith(`${folder}/`) && path.startsWith(`${out}/`);
  if (isOfRun || below.split('/').some((part) => part.startsWith('.') || part === 'node_modules')) {
    return undefined;
  }
  if (!groups.some((group) => below.startsWith(`${group}/`))) {
    return /\.(ts|js|sh|yaml)$/.test(name) ? 'all' : undefined;
  }
  // Beside scenarios there is only what an editor puts there for a moment: qemu.boot.ts.new
  if (!isCode(below)) {
    return undefined;
  }
  const id = below.slice(0, -'.ts'.length).replaceAll('/', '.') as ScenarioId;
  return isChosen(id, globs) ? id : undefined;
}
