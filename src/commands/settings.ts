import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Context } from './context.ts';
import type { SettingsFile } from './settings-file.ts';

/** What a user has said once for all calls, and where. */
export interface Settings extends SettingsFile {
  /** As it may be typed. */
  readonly file: string;
}

/**
 * What `katafarm.yaml` in the working directory says, or the file that KATAFARM_CONFIG names; undefined: there is none. With
 * `releases`, machines of others are complained of. Throws a UserError with the place of whatever is wrong.
 */
export async function settingsOf(
  { cwd, env }: Pick<Context, 'cwd' | 'env'>,
  releases?: readonly string[],
): Promise<Settings | undefined> {
  const named = env['KATAFARM_CONFIG'] || undefined;
  const path = resolve(cwd, named ?? 'katafarm.yaml');
  const text = await textOf(path, named);
  if (text === undefined) {
    return undefined;
  }
  const below = relative(cwd, path);
  const file = below.startsWith('..') ? path : below;
  // Its schema takes longer to load than most verbs: whoever has no such file does without.
  const { readSettings } = await import('./settings-file.ts');
  const { cache, out, ...said } = readSettings(file, text, releases);
  const at = (folder: string) => resolve(dirname(path), folder);
  return { file, ...said, ...(cache && { cache: at(cache) }), ...(out && { out: at(out) }) };
}

/** The same context, in which the file's mirror, cache and out stand where the environment doesn't name them. */
export async function withSettings<C extends Context>(context: C): Promise<C> {
  const settings = await settingsOf(context);
  if (!settings) {
    return context;
  }
  const { mirror, cache, out } = settings;
  const said = { KATAFARM_MIRROR: mirror, KATAFARM_CACHE: cache, KATAFARM_OUT: out };
  const missing = Object.entries(said).filter(([name]) => !context.env[name]);
  return { ...context, env: { ...context.env, ...Object.fromEntries(missing) } };
}

async function textOf(path: string, named: string | undefined): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (named === undefined && (cause as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    const whose = named === undefined ? '' : ', which KATAFARM_CONFIG names';
    throw new UserError(`cannot read ${path}${whose}: ${(cause as Error).message}; make it readable`, {
      cause,
    });
  }
}
