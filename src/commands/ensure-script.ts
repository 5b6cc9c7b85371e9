import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Context } from './context.ts';

/** The script's full path; undefined where none was given. Throws a UserError for one that is not there. */
export async function ensureScript(
  { cwd }: Pick<Context, 'cwd'>,
  option: string,
  script: string | undefined,
): Promise<string | undefined> {
  const path = script === undefined ? undefined : resolve(cwd, script);
  if (path !== undefined && !(await stat(path).catch(() => undefined))?.isFile()) {
    throw new UserError(`cannot read ${option} ${script}: it is no file; give a shell script's path`);
  }
  return path;
}
