import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuiltImageRecord, imageRecord } from './image-record.ts';
import { digestOfDisk } from './seal.ts';
import { readJson } from './stored-file.ts';

/** What stands beside a disk that was read and found whole. */
interface Whole {
  /** The disk's inode and the time of its last change of any kind: who puts a file's mtime back changes this. */
  readonly inode: number;
  readonly ctimeMs: number;
  readonly readAt: number;
}

const wholeFile = 'whole.json';

/** Media fail without a change of any time, so a disk is read again after a week. */
const goodForMs = 7 * 24 * 60 * 60 * 1000;

/**
 * What has happened to an image's disk, in words; undefined: nothing. Reading it takes a second, so one that was found
 * whole and has not been touched since is believed for a week; without `now` it is read in any case.
 */
export async function diskDamage(
  folder: string,
  signal: AbortSignal,
  now?: Date,
): Promise<string | undefined> {
  const path = join(folder, 'disk.raw');
  const { ino: inode, ctimeMs } = await stat(path);
  const before = await readJson<Whole>(join(folder, wholeFile)).catch(() => undefined);
  const age = (now?.getTime() ?? Number.NaN) - (before?.readAt ?? Number.NaN);
  if (before?.inode === inode && before.ctimeMs === ctimeMs && age >= 0 && age < goodForMs) {
    return undefined;
  }

  const known = (await readJson<BuiltImageRecord>(join(folder, imageRecord)))?.disk;
  if (known !== (await digestOfDisk(path, signal))) {
    return `${path} has other content than it had`;
  }
  if (now) {
    const whole: Whole = { inode, ctimeMs, readAt: now.getTime() };
    // A cache that can't be written to is read each time.
    await writeFile(join(folder, wholeFile), JSON.stringify(whole)).catch(() => {});
  }
  return undefined;
}
