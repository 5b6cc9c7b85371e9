import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isOrphaned, own, removeIfOrphaned, removeOwned } from './owner.ts';

const prefix = 'katafarm-';
/** As mkdtemp(3) makes of it: folders of other makers may begin alike. */
const ours = /^katafarm-[A-Za-z0-9]{6}$/;

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

  // Where this process ends at once, at a second Ctrl-C say; its children die with it.
  const forsake = () => {
    for (const folder of [sockets, files]) {
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch {
        // Files of other owners: a later run removes them.
      }
    }
  };
  process.once('exit', forsake);

  return {
    files,
    sockets,
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', forsake);
      // What cannot be removed must not hide how the run ended; a later run tries again.
      await Promise.allSettled([removeOwned(sockets), removeOwned(files)]);
    },
  };
}

/**
 * Removes the workspaces of processes that are no more, and ends what still works in them; returns what that was.
 * A child dies with its farm, but for the instant between its start and its own asking for that.
 */
export async function reapWorkspaces(cache: string): Promise<readonly string[]> {
  const reaped: string[] = [];
  for (const parent of [join(cache, 'work'), tmpdir()]) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names.filter((candidate) => ours.test(candidate))) {
      const folder = join(parent, name);
      if (await isOrphaned(folder)) {
        reaped.push(...(await endWorkersIn(folder)));
        if (await removeIfOrphaned(folder).catch(() => false)) {
          reaped.push(folder);
        }
      }
    }
  }
  return reaped;
}

/** What a farm starts to work in its workspace; a person may look into one with something else. */
const workers = /^(setpriv|flock|env|unshare|mmdebstrap|cp|ssh|ssh-keygen|qemu-[\w-]+)$/;

/** A workspace's name is its own, so a worker whose command line has its path was started to work in it. */
async function endWorkersIn(folder: string): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const program = basename(command.split('\0')[0] ?? '');
    if (workers.test(program) && command.includes(`${folder}/`)) {
      try {
        process.kill(Number(pid), 'SIGKILL');
        ended.push(`process ${pid}: ${program}`);
      } catch {
        // It ended by itself in this very moment, or is another user's.
      }
    }
  }
  return ended;
}
