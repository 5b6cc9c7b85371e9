import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { own, removeIfOrphaned, removeOwned } from './owner.ts';

const prefix = 'katafarm-';

/** Two folders of this process, gone when it is done: a roomy one in the cache, and one with a short path. */
export interface Workspace extends AsyncDisposable {
  /** On the cache's file system: disks, memory files, half-built images. */
  readonly files: string;
  /** 0700, under the system's temporary directory: sockets have 108 bytes for their path. */
  readonly sockets: string;
}

export async function openWorkspace(cache: string): Promise<Workspace> {
  const work = join(cache, 'work');
  await mkdir(work, { recursive: true });
  const files = await mkdtemp(join(work, prefix));
  await own(files);
  const sockets = await mkdtemp(join(tmpdir(), prefix));
  await own(sockets);

  return {
    files,
    sockets,
    async [Symbol.asyncDispose]() {
      // What cannot be removed must not hide how the run ended; a later run tries again.
      await Promise.allSettled([removeOwned(sockets), removeOwned(files)]);
    },
  };
}

/** Removes the workspaces of processes that are no more; returns their paths. */
export async function reapWorkspaces(cache: string): Promise<readonly string[]> {
  const reaped: string[] = [];
  for (const parent of [join(cache, 'work'), tmpdir()]) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names.filter((candidate) => candidate.startsWith(prefix))) {
      const folder = join(parent, name);
      if (await removeIfOrphaned(folder).catch(() => false)) {
        reaped.push(folder);
      }
    }
  }
  return reaped;
}
