import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Distro } from '../../domain/distro.ts';
import { isThere, share } from '../../host/lock.ts';
import type { Image } from '../../machine/machine.ts';
import { clearAway } from './clear-away.ts';
import { diskDamage } from './disk-damage.ts';
import { type BuiltImageRecord, imageDamage, imageRecord, type Made } from './image-record.ts';
import { readJson, touch } from './stored-file.ts';
import type { Uses } from './uses.ts';

/** Where images are, below the cache. */
export function imagesOf(cache: string): string {
  return join(cache, 'images');
}

/** The image that a recipe made; undefined where none is known by its key. */
export async function findMade(cache: string, key: string): Promise<Made | undefined> {
  const made = await readJson<Made>(join(imagesOf(cache), `${key}.json`));
  return made && (await isThere(join(imagesOf(cache), made.digest, imageRecord))) ? made : undefined;
}

/** Every key's file, with what it leads to. */
export async function keysOf(
  cache: string,
): Promise<readonly { readonly file: string; readonly made: Made }[]> {
  const names = (await readdir(imagesOf(cache)).catch(() => [])).filter((name) => name.endsWith('.json'));
  const all = await Promise.all(
    names.map(async (name) => {
      const file = join(imagesOf(cache), name);
      const made = await readJson<Made>(file);
      return made ? [{ file, made }] : [];
    }),
  );
  return all.flat();
}

/** The folder of some image in the cache, for what needs just a kernel and a static busybox; undefined where there is none. */
export async function anyImage(cache: string): Promise<string | undefined> {
  const names = await readdir(imagesOf(cache)).catch(() => []);
  for (const name of names.filter((candidate) => candidate.endsWith('.json')).sort()) {
    const made = await findMade(cache, name.slice(0, -'.json'.length));
    const record =
      made && (await readJson<BuiltImageRecord>(join(imagesOf(cache), made.digest, imageRecord)));
    // Of another architecture: its kernel says nothing of this host's machines.
    const isOurs = made && !record?.recipe.distro.includes('@');
    if (isOurs && (await isThere(join(imagesOf(cache), made.digest, 'busybox')))) {
      return join(imagesOf(cache), made.digest);
    }
  }
  return undefined;
}

/** An image as machines are made from it; marks it as used now. */
export async function readImage(cache: string, made: Made, distro: Distro, now: Date): Promise<Image> {
  const folder = join(imagesOf(cache), made.digest);
  const list = await readFile(join(folder, 'packages'), 'utf8');
  const packages = list.split('\n').flatMap((line) => {
    const [name, version] = line.split('\t');
    return name && version ? [[name, version] as const] : [];
  });
  const record = JSON.parse(await readFile(join(folder, imageRecord), 'utf8')) as BuiltImageRecord;
  await touch(folder, now);
  const { digest, builtAt } = made;
  return {
    ...{ digest, builtAt, folder, distro, deviations: record.deviations },
    packages: Object.fromEntries(packages),
    ...('firmware' in record.recipe && { firmware: record.recipe.firmware }),
    ...(record.origin && { origin: record.origin }),
  };
}

/**
 * Puts a complete image into its place, and takes it into use. The same may be there already, with templates that
 * rest on its very bytes: it stays, unless it is damaged.
 */
export async function placeImage(
  cache: string,
  folder: string,
  digest: string,
  uses: Uses,
  scratch: string,
  signal: AbortSignal,
): Promise<void> {
  const target = join(imagesOf(cache), digest);
  const record = join(target, imageRecord);
  if (await uses.take(record, signal)) {
    if (!((await imageDamage(target)) ?? (await diskDamage(target, signal)))) {
      return;
    }
  }
  if (await isThere(target)) {
    await throwAway(target, uses, scratch, signal);
  }
  const held = await share(join(folder, imageRecord), signal);
  await rename(folder, target);
  if (held) {
    uses.hold(record, held);
  }
}

/** Removes a damaged image. Throws where another farm is at work with it: what it does is not ours to break. */
export async function throwAway(
  folder: string,
  uses: Uses,
  scratch: string,
  signal: AbortSignal,
): Promise<void> {
  await uses.drop(join(folder, imageRecord));
  if (!(await clearAway(folder, imageRecord, scratch, signal))) {
    throw new Error(`cannot replace ${folder}, which is damaged: another katafarm uses it; end that first`);
  }
}

/** What stands under a key from now on. */
export async function pointTo(cache: string, key: string, made: Made, scratch: string): Promise<void> {
  await rm(join(scratch, key), { force: true });
  await writeFile(join(scratch, key), JSON.stringify(made));
  await rename(join(scratch, key), join(imagesOf(cache), `${key}.json`));
}
