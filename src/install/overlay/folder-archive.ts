import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pack } from 'tar-stream';

/** Where a file of a folder is, and its path below it. */
export interface FolderFile {
  readonly path: string;
  readonly name: string;
}

/** Every regular file below a folder, links followed, in one order. */
export async function filesBelow(folder: string, above = ''): Promise<readonly FolderFile[]> {
  const found: FolderFile[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const path = join(folder, name);
    const kind = await stat(path);
    if (kind.isDirectory()) {
      found.push(...(await filesBelow(path, `${above}${name}/`)));
    } else if (kind.isFile()) {
      found.push({ path, name: `${above}${name}` });
    }
  }
  return found;
}

/** A tar archive of them, told piece by piece. */
export async function* archiveOf(files: readonly FolderFile[]): AsyncGenerator<Buffer> {
  const archive = pack();
  const fill = async () => {
    for (const { path, name } of files) {
      const content = await readFile(path);
      await new Promise<void>((resolve, reject) => {
        const told = (error?: Error | null) => (error ? reject(error) : resolve());
        archive.entry({ name, mode: 0o644, mtime: new Date(0) }, content, told);
      });
    }
    archive.finalize();
  };
  fill().catch((error: Error) => archive.destroy(error));
  for await (const chunk of archive) {
    yield chunk as Buffer;
  }
}
