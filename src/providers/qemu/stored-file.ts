import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Beside what is kept: touched at each use. */
export const usedFile = 'used';

/** What stands in place of a title where there is no record, or none that can be read. */
export const notWhole = 'not whole';

/** When that was made and used: so long ago that it is the first to go. */
export const longAgo = new Date(0).toISOString();

/** Marks what is kept in a folder as used now. */
export async function touch(folder: string, now: Date): Promise<void> {
  await utimes(join(folder, usedFile), now, now).catch(() => {});
}

/** When it was last used, ISO 8601; undefined: nobody wrote that down. */
export async function usedAtOf(folder: string): Promise<string | undefined> {
  const found = await stat(join(folder, usedFile)).catch(() => undefined);
  return found?.mtime.toISOString();
}

/** What a folder takes on disk, holes not counted. */
export async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return found.reduce((sum, file) => sum + (file?.blocks ?? 0) * 512, 0);
}

/** Undefined where the file is not there, or not whole. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
