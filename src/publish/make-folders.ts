import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it where there are none. Not by mkdir's `recursive`: below a file system that makes nothing
 * (`/proc`) that never ends. Throws what the system says: ENOENT where nothing can be made, ENOTDIR where a file is in the way.
 */
export async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) {
      return;
    }
    const above = dirname(folder);
    if (code !== 'ENOENT' || above === folder || (await isFolder(above))) {
      throw error;
    }
    await makeFolders(above);
    await makeFolders(folder);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
