import { readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from './remove-tree.ts';

/** Which process a folder or a lock belongs to. The start time tells it from a later one of the same pid. */
export interface Owner {
  readonly pid: number;
  /** Clock ticks since the host's boot: field 22 of /proc/PID/stat. */
  readonly started: string;
  /** Of the host's boot and of the PID namespace: pids of others mean nothing here. */
  readonly boot: string;
  readonly namespace: string;
}

/** A process as it runs now; undefined if there is none of that pid. */
export function ownerOf(pid: number): Owner | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name, in parentheses, may hold anything, spaces and parentheses included.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { pid, started: fields[19] ?? '', ...here() };
  } catch {
    return undefined;
  }
}

/** A process that can't be seen from here, in another container say, is taken to be alive. */
export function isAlive(owner: Owner): boolean {
  const { boot, namespace } = here();
  if (boot !== owner.boot) {
    return false;
  }
  return namespace !== owner.namespace || ownerOf(owner.pid)?.started === owner.started;
}

function here(): Pick<Owner, 'boot' | 'namespace'> {
  return {
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    namespace: readlinkSync('/proc/self/ns/pid'),
  };
}

const file = 'owner.json';

/** Writes down that this process owns a folder. */
export async function own(folder: string): Promise<void> {
  await writeFile(join(folder, file), JSON.stringify(ownerOf(process.pid)));
}

/** A folder that nobody has signed for so long never will be: its maker died before it came to that. */
const unsignedMs = 24 * 60 * 60 * 1000;

/** Whether a folder of this user's has lost its owner. One that is not signed yet may be; other users' never are. */
export async function isOrphaned(folder: string, now = () => new Date()): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.uid !== process.getuid?.()) {
    return false;
  }
  const owner = await ownerIn(folder);
  if (owner) {
    return !isAlive(owner);
  }
  // Ours are signed before anything else is put into them: one that holds something else is somebody's.
  const isEmpty = (await readdir(folder).catch(() => [''])).length === 0;
  return isEmpty && now().getTime() - (found?.mtimeMs ?? 0) > unsignedMs;
}

async function ownerIn(folder: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(join(folder, file), 'utf8')) as Partial<Owner> | null;
    return typeof owner?.pid === 'number' ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

/** Removes a folder whose owner is gone; says whether it did. */
export async function removeIfOrphaned(folder: string): Promise<boolean> {
  if (!(await isOrphaned(folder))) {
    return false;
  }
  await removeOwned(folder);
  return true;
}

/** Removes a folder that was signed, its signature last: whoever comes after an interruption still knows whose it was. */
export async function removeOwned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((candidate) => candidate !== file)) {
    await removeTree(join(folder, name));
  }
  await removeTree(folder);
}
