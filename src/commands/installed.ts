import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installed } from '../domain/changes.ts';
import type { DistroId } from '../domain/distro.ts';
import { changesIn, packagesWith } from '../domain/overlay.ts';
import { loadDistros } from '../load/load-distros.ts';
import { type PackagesFile, packagesFile } from '../run/packages-file.ts';
import type { Context } from './context.ts';
import type { FoundRun } from './find-run.ts';
import { distroFolders } from './folders.ts';
import { imageAtHand } from './image-at-hand.ts';

/** What was installed in each release's machines of a run, as far as the run's folder tells. */
export async function installedIn({ folder, run }: Pick<FoundRun, 'folder' | 'run'>): Promise<Installed> {
  const releases = run.plan.batches.map(({ distro }) => distro);
  const known = await Promise.all(
    releases.map(async (release) => [release, await packagesIn(folder, release)] as const),
  );
  return new Map(known.flatMap(([release, packages]) => (packages ? [[release, packages] as const] : [])));
}

/** The same; where a run's folder says nothing, its image and overlay do, if the cache still has the one. Builds nothing. */
export async function installedThere(
  context: Context,
  found: Pick<FoundRun, 'folder' | 'run'>,
): Promise<Installed> {
  const known = await installedIn(found);
  const open = found.run.plan.batches.filter(({ distro }) => !known.has(distro));
  if (open.length === 0) {
    return known;
  }
  const distros = await loadDistros(distroFolders(context));
  const more = await Promise.all(
    open.map(async ({ id, distro: release }) => {
      const facts = found.run.batchFacts.get(id) ?? {};
      const digest = facts['image.digest'];
      const distro = distros.find((one) => one.id === release);
      const image = distro && digest && (await imageAtHand(context, distro, String(digest)));
      return image ? [[release, packagesWith(image.packages, changesIn(facts))] as const] : [];
    }),
  );
  return new Map([...known, ...more.flat()]);
}

/** Everything that was installed in a release's machines; undefined where the run did not write it down. */
export async function packagesIn(
  folder: string,
  release: DistroId,
): Promise<PackagesFile['packages'] | undefined> {
  try {
    const file: unknown = JSON.parse(await readFile(join(folder, packagesFile(release)), 'utf8'));
    return isPackagesFile(file) ? file.packages : undefined;
  } catch {
    return undefined;
  }
}

function isPackagesFile(file: unknown): file is PackagesFile {
  return (
    typeof file === 'object' &&
    file !== null &&
    'packages' in file &&
    typeof file.packages === 'object' &&
    file.packages !== null
  );
}
