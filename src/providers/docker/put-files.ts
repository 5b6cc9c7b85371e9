import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import type { RootFiles } from '../../host/mmdebstrap.ts';

/** Puts files into a container, folders and all; it need not run. */
export async function putFiles(container: Docker.Container, files: RootFiles): Promise<void> {
  const archive = pack();
  for (const [path, { text, mode }] of Object.entries(files)) {
    archive.entry({ name: path.slice(1), mode, uid: 0, gid: 0 }, text);
  }
  archive.finalize();
  await container.putArchive(archive as unknown as Readable, { path: '/' });
}
