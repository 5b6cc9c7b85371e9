import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Folders } from '../load/folders.ts';
import type { Context } from './context.ts';

type Place = Pick<Context, 'root' | 'cwd'>;

/** Folders of a user's own, and whether what comes along is taken beside them. */
export interface OwnFolders {
  readonly distros?: string;
  readonly scenarios?: readonly string[];
  /** False: what comes along is left out wherever there is a folder of one's own. */
  readonly bundled?: boolean;
}

/** Throws a UserError where what comes along is to be left out, and there is nothing else. */
export function ensureOwn({ distros, scenarios, bundled = true }: OwnFolders): void {
  if (!bundled && distros === undefined && scenarios === undefined) {
    throw new UserError(
      'cannot leave out what comes along with nothing in its place: say --distros DIR or --scenarios DIR as well',
    );
  }
}

/** Where releases are looked for. */
export function distroFolders(
  { root, cwd }: Place,
  { distros, bundled = true }: Omit<OwnFolders, 'scenarios'> = {},
): Folders {
  const ours = join(root, 'distros');
  const own = distros === undefined ? [] : [resolve(cwd, distros)];
  return beside(ours, own, bundled);
}

/** Where scenarios are looked for. */
export function scenarioFolders(
  { root, cwd }: Place,
  { scenarios = [], bundled = true }: Omit<OwnFolders, 'distros'> = {},
): Folders {
  const ours = join(root, 'scenarios');
  const own = scenarios.map((folder) => resolve(cwd, folder));
  return beside(ours, own, bundled);
}

/** Where known issues are looked for: beside the releases. */
export function knownIssueFolders(place: Place, own: Omit<OwnFolders, 'scenarios'> = {}): Folders {
  return distroFolders(place, own).map((folder) => join(folder, 'known-issues'));
}

/**
 * What a user writes to in the checkout (`reports`, `distros`) is below it; an installed package is nobody's to write
 * to, and it is below the working directory.
 */
export function homeOf({ root, cwd }: Place): string {
  return existsSync(join(root, 'src/cli.js')) ? cwd : root;
}

/** The folder that is published; before the first night there may be none. Throws a UserError where one is named that is not there. */
export async function publishedFolder(context: Place, named: string | undefined): Promise<string> {
  if (named === undefined) {
    return join(homeOf(context), 'reports');
  }
  const folder = resolve(context.cwd, named);
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) {
    throw new UserError(
      `cannot read --published ${named}: there is no such folder; name one that katafarm publish wrote, or make an empty one for a first night`,
    );
  }
  return folder;
}

function beside(ours: string, own: readonly string[], bundled: boolean): Folders {
  const isLeftOut = own.includes(ours) || (!bundled && own.length > 0);
  return isLeftOut ? own : [ours, ...own];
}
