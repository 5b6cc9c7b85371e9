import { mkdtemp, readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CellId } from '../../domain/cell.ts';
import type { DistroId } from '../../domain/distro.ts';
import { isOrphaned } from '../../host/owner.ts';
import { removeTree } from '../../host/remove-tree.ts';
import type { Stored } from '../../machine/store.ts';
import type { MachineSpec } from './argv.ts';
import { bytesOf, longAgo, notWhole, readJson } from './stored-file.ts';

/**
 * A machine that was frozen to disk: `kept.json` in a folder of its own, CACHE/kept/ID, with the state of its devices
 * and memory, its disk and its key beside it. It rests on its image (disk and kernel) and on nothing else: what it
 * had of a template was copied.
 */
export interface Kept {
  readonly id: string;
  readonly run: string;
  readonly cell: CellId;
  readonly distro: DistroId;
  /** The image's digest: it has to stay for as long as this machine does. */
  readonly image: string;
  /** Of what was in the image's disk: one of the same digest that was built anew holds other blocks. Undefined: not known. */
  readonly disk?: string | undefined;
  /** ISO 8601. */
  readonly madeAt: string;
  /** As it was frozen: its disk, memory and console are gone by now, its devices have to be the same again. */
  readonly spec: MachineSpec;
}

/** The files of a kept machine. */
export const keptFiles = {
  about: 'kept.json',
  state: 'state',
  disk: 'disk.qcow2',
  key: 'key',
  knownHosts: 'known_hosts',
} as const;

/** A kept machine's folder. */
export function keptFolder(cache: string, id: string): string {
  return join(cache, 'kept', basename(id));
}

/** Which image a machine was made from, and the cache that holds it: an image is in CACHE/images/DIGEST. */
export function imageOf({ kernel }: Pick<MachineSpec, 'kernel'>) {
  const folder = dirname(kernel);
  return { digest: basename(folder), folder, cache: dirname(dirname(folder)) };
}

/** What a disk on top of a kept one is called: as long as it is there, in a living process's workspace, that is in use. */
export function overlayName(id: string): string {
  return `kept-${id}.qcow2`;
}

/** Undefined where there is no such machine, or its record can't be read. */
export async function readKept(cache: string, id: string): Promise<Kept | undefined> {
  const kept = await readJson<Partial<Kept> | null>(join(keptFolder(cache, id), keptFiles.about));
  const isWhole = kept?.id === id && kept.image !== undefined && kept.madeAt !== undefined;
  return isWhole ? (kept as Kept) : undefined;
}

/** Every kept machine of a cache, and what is left of one, oldest first; `image` is what it rests on. */
export async function listKept(cache: string): Promise<readonly (Stored & { readonly image: string })[]> {
  const entries = await readdir(join(cache, 'kept'), { withFileTypes: true }).catch(() => []);
  const ids = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  const all = await Promise.all(ids.map((id) => storedOf(cache, id)));
  return all.flat().toSorted((a, b) => a.madeAt.localeCompare(b.madeAt));
}

/**
 * Removes it whole, unless a machine of a living process runs on it. One that is not there counts as removed. `scratch`
 * is on the cache's file system, and goes with this process.
 */
export async function removeKept(cache: string, id: string, scratch: string): Promise<'removed' | 'in use'> {
  const folder = keptFolder(cache, id);
  if (await isInUse(cache, id)) {
    return 'in use';
  }
  // Out of the way first: who comes now finds nothing, and who came a moment ago is seen.
  const place = await mkdtemp(join(scratch, 'away-'));
  const away = join(place, 'away');
  await rename(folder, away).catch(ignoreMissing);
  if (await isInUse(cache, id)) {
    await rename(away, folder);
    return 'in use';
  }
  await removeTree(place);
  return 'removed';
}

async function storedOf(
  cache: string,
  id: string,
): Promise<readonly (Stored & { readonly image: string })[]> {
  const folder = keptFolder(cache, id);
  const kept = await readKept(cache, id);
  const { distro = 'not-known' as DistroId, image = '', madeAt = longAgo } = kept ?? {};
  const bytes = await bytesOf(folder);
  const found = await stat(folder).catch(() => undefined);
  if (!found) {
    return [];
  }
  const usedAt = found.mtime.toISOString();
  const title = kept ? `${kept.cell} of ${kept.run}` : notWhole;
  return [{ kind: 'kept', id, distro, title, bytes, madeAt, usedAt, inUse: await isInUse(cache, id), image }];
}

async function isInUse(cache: string, id: string): Promise<boolean> {
  const work = join(cache, 'work');
  for (const workspace of await readdir(work).catch(() => [])) {
    const folder = join(work, workspace);
    const names = await readdir(folder).catch(() => []);
    if (names.some((name) => name.endsWith(overlayName(id))) && !(await isOrphaned(folder))) {
      return true;
    }
  }
  return false;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}
