import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DistroId } from '../domain/distro.ts';
import type { Image } from '../machine/machine.ts';
import type { Farm } from './farm.ts';

/** What stands in it. */
export interface PackagesFile {
  /** Digest of the image. */
  readonly image: string;
  /** Package name to version, of everything installed. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Where a run keeps what was installed in a release's image, below its folder: images go, runs stay. */
export function packagesFile(release: DistroId): string {
  return `machines/${release}/packages.json`;
}

/** Writes down everything that is installed in a batch's image. */
export async function recordPackages(
  { folder }: Pick<Farm, 'folder'>,
  { digest, distro, packages }: Image,
): Promise<void> {
  const path = join(folder, packagesFile(distro.id));
  const file: PackagesFile = { image: digest, packages };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(file, undefined, 2)}\n`);
}
