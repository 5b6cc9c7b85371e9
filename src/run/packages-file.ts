import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DistroId } from '../domain/distro.ts';
import type { Image } from '../machine/machine.ts';
import type { Farm } from './farm.ts';

/** What stands in it. */
export interface PackagesFile {
  /** Digest of the image. */
  readonly image: string;
  /** Package name to version, of everything installed in the machines that the cells ran on. */
  readonly packages: Readonly<Record<string, string>>;
  /** Those that are not as they are in the image, but as the run's overlay left them; missing: it has none. */
  readonly overlaid?: readonly string[];
}

/** Where a run keeps what was installed in a release's machines, below its folder: images go, runs stay. */
export function packagesFile(release: DistroId): string {
  return `machines/${release}/packages.json`;
}

/** Writes down everything that is installed in a batch's machines: what its image has, or what an overlay made of that. */
export async function recordPackages(
  { folder }: Pick<Farm, 'folder'>,
  { digest, distro, packages }: Pick<Image, 'digest' | 'distro' | 'packages'>,
  overlaid?: readonly string[],
): Promise<void> {
  const path = join(folder, packagesFile(distro.id));
  const file: PackagesFile = { image: digest, packages, ...(overlaid && { overlaid }) };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(file, undefined, 2)}\n`);
}
