import { copyFile, open, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../errors.ts';
import type { Artifact } from '../report/report.ts';
import { makeFolders } from './make-folders.ts';

/**
 * Writes all artifacts into a folder, or none: each is made beside its place and synced, then all are moved there,
 * and moved back should one refuse. Throws a UserError (exit 3) for a full disk or a folder that can't be written, and
 * for a file that would be outside of it: names are of whoever wrote the journal.
 */
export async function writeArtifacts(folder: string, artifacts: readonly Artifact[]): Promise<void> {
  const stray = artifacts.find(({ path }) => relative(folder, join(folder, path)).startsWith('..'));
  if (stray) {
    throw new UserError(
      `cannot write ${JSON.stringify(stray.path)}: it leads out of ${folder}; a release or run of a journal has a name that is none`,
    );
  }

  const files = artifacts.map(({ path, text }) => {
    const target = join(folder, path);
    return { target, text, fresh: `${target}.new-${process.pid}`, old: `${target}.old-${process.pid}` };
  });

  for (const place of new Set([folder, ...files.map(({ target }) => dirname(target))])) {
    await makeFolder(place);
  }
  try {
    for (const { fresh, text } of files) {
      await writeSynced(fresh, text);
    }
    await replaceAll(files);
  } catch (cause) {
    throw refusal(folder, cause);
  } finally {
    await Promise.allSettled(
      files.flatMap(({ fresh, old }) => [rm(fresh, { force: true }), rm(old, { force: true })]),
    );
  }
}

/** Throws a UserError (exit 3) where a folder can't be made. */
export async function makeFolder(folder: string): Promise<void> {
  await makeFolders(folder).catch((cause: unknown) => {
    throw refusal(folder, cause);
  });
}

interface Replacement {
  readonly target: string;
  readonly fresh: string;
  readonly old: string;
}

async function replaceAll(files: readonly Replacement[]): Promise<void> {
  const undo: (() => Promise<void>)[] = [];

  try {
    for (const { target, fresh, old } of files) {
      const existed = await keep(target, old);
      await rename(fresh, target);
      undo.push(existed ? () => rename(old, target) : () => rm(target, { force: true }));
    }
  } catch (error) {
    await Promise.allSettled(undo.map((step) => step()));
    throw error;
  }
}

/** A copy of the file that is there now; false where there is none. */
async function keep(target: string, old: string): Promise<boolean> {
  try {
    await copyFile(target, old);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return false;
    }
    throw error;
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(text);
  await file.sync();
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and try again',
  EDQUOT: 'the disk quota is used up; free some space and try again',
  EACCES: 'there is no permission to; take another folder with --out',
  EPERM: 'there is no permission to; take another folder with --out',
  EROFS: 'the file system is read-only; take another folder with --out',
  ENOENT: 'nothing can be made there; take another folder with --out',
  ENOTDIR: 'a file is where the folder should be; take another folder with --out',
  EEXIST: 'a file is where the folder should be; take another folder with --out',
  EISDIR: 'a folder is where a report should be; move it away and try again',
};

/** What a person can do about it; what they can't is given back as it is. */
export function refusal(folder: string, cause: unknown): unknown {
  const remedy = remedies[codeOf(cause) ?? ''];
  return remedy ? new UserError(`cannot write into ${folder}: ${remedy}`, { exitCode: 3, cause }) : cause;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
