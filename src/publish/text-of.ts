import { readFile } from 'node:fs/promises';
import { UserError } from '../errors.ts';
import { codeOf } from './write-artifacts.ts';

/** The text of a published file; undefined where there is none. Throws a UserError for one that can't be read. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return undefined;
    }
    if (code === 'EACCES' || code === 'EISDIR') {
      throw new UserError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
    }
    throw error;
  }
}
