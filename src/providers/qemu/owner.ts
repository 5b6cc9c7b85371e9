import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which process a folder or a lock belongs to. The start time tells it from a later one of the same pid. */
export interface Owner {
  readonly pid: number;
  /** Clock ticks since the host's boot: field 22 of /proc/PID/stat. */
  readonly started: string;
}

/** A process as it runs now; undefined if there is none of that pid. */
export function ownerOf(pid: number): Owner | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name, in parentheses, may hold anything, spaces and parentheses included.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { pid, started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

export function isAlive(owner: Owner): boolean {
  return ownerOf(owner.pid)?.started === owner.started;
}

const file = 'owner.json';

/** Writes down that this process owns a folder. */
export async function own(folder: string): Promise<void> {
  await writeFile(join(folder, file), JSON.stringify(ownerOf(process.pid)));
}

/** Removes a folder whose owner is gone; says whether it did. One that nobody has signed yet is left alone. */
export async function removeIfOrphaned(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => undefined);
  if (!text || isAlive(JSON.parse(text) as Owner)) {
    return false;
  }
  await rm(folder, { recursive: true, force: true });
  return true;
}
