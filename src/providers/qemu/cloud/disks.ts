import { UserError } from '../../../errors.ts';
import { runBound } from '../../../host/bound-child.ts';
import type { DiskFile } from './disk-file.ts';

/** What a machine has room for: packages, images and a container engine's storage. Its file is sparse. */
const leastBytes = 16 * 2 ** 30;

/** A disk on top of a published one, large enough to work with: cloud-init grows what is on it. */
export async function makeDisk(
  { path, format, bytes }: DiskFile & { readonly path: string },
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const size = String(Math.max(bytes, leastBytes));
  await image(['create', '-q', '-f', 'qcow2', '-F', format, '-b', path, target, size], signal);
}

/** The same as one file that rests on no other; what holds nothing but zeros takes no room. */
export function wholeDisk(path: string, target: string, signal: AbortSignal): Promise<void> {
  return image(['convert', '-f', 'qcow2', '-O', 'raw', path, target], signal);
}

/** Throws a UserError (exit 3) where the disk of this host is full. */
export async function image(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const { code, output } = await runBound(['qemu-img', ...argv], { signal });
  if (code === 0) {
    return;
  }
  const said = output.trim().split('\n').at(-1) ?? '';
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    throw new UserError(
      `cannot make a disk: ${said}; make room, or put the cache elsewhere with KATAFARM_CACHE=DIR`,
      { exitCode: 3 },
    );
  }
  throw new Error(`cannot make a disk: ${said}`);
}
