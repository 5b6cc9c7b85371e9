import { access, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders } from '../../publish/make-folders.ts';

/** A file that is to be. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** Those that are there already. */
export async function thereAlready(files: readonly NewFile[]): Promise<readonly string[]> {
  const there = await Promise.all(
    files.map(({ path }) =>
      access(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return there.flat();
}

/** Writes all of them, or none: each is whole beside its place before the first is put there. */
export async function writeFiles(files: readonly NewFile[]): Promise<void> {
  const besides = files.map((file) => ({ ...file, beside: `${file.path}.katafarm-new` }));
  try {
    for (const { path, beside, text, mode } of besides) {
      await makeFolders(dirname(path));
      await writeFile(beside, text, { mode });
    }
    for (const { path, beside } of besides) {
      await rename(beside, path);
    }
  } finally {
    await Promise.all(besides.map(({ beside }) => rm(beside, { force: true })));
  }
}
